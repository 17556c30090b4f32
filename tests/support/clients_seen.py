"""What the clients of a real lab have seen, as Prometheus counts it.

While the counters are not there (one scrape was missed) there is no number, and it is asked for again: a zero in its
place would make every answer of the past a new one.
"""

from __future__ import annotations

from labctl.base.waiting import wait_until
from labctl.lab.lab import Lab

ANSWERS = "client_request_duration_seconds_count"
ENDPOINT = '{endpoint=~"%s"%s}'
EVERY = ".+"


def answers(lab: Lab, endpoint: str = EVERY) -> float:
    """How many answers the clients have had; `endpoint` is a regular expression."""
    return _number(lab, f"sum({ANSWERS}{ENDPOINT % (endpoint, '')})")


def failures(lab: Lab, endpoint: str = EVERY) -> float:
    """How many of the clients' requests have failed."""
    failed, every = ENDPOINT % (endpoint, ',outcome="error"'), ENDPOINT % (endpoint, "")
    return _number(lab, f"sum({ANSWERS}{failed}) or 0 * sum({ANSWERS}{every})")


def wait_for_more(lab: Lab, count: int, endpoint: str = EVERY) -> None:
    """Wait until the clients have had `count` more answers: what is in flight now is among them."""
    before = answers(lab, endpoint)
    wait_until(lambda: answers(lab, endpoint) >= before + count, what=f"{count} more answers", timeout=60)


def _number(lab: Lab, query: str) -> float:
    def known() -> tuple[float] | None:
        value = lab.metrics.scalar(query)
        return None if value is None else (value,)

    return wait_until(known, what=query, timeout=15)[0]
