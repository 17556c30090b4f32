"""Fog over a real lab: what it leaves out, what it never touches, and that it lifts again."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from labctl.base.waiting import wait_until
from labctl.health import steady_state
from labctl.lab import undo
from labctl.lab.lab import Lab
from labctl.lookups.logql import LineFilter

pytestmark = pytest.mark.lab

SPAN_S = 15
OWN = 'cache_requests_total{job="risk",cache_result="hit"}'
PAGED = "stream_lag"
HARMLESS = "deprecated header|client hung up|slow health check"


@pytest.fixture
def clear(running_lab: Lab) -> Iterator[Lab]:
    """The lab, in clear telemetry before and after."""
    undo.replay(running_lab)
    yield running_lab
    undo.replay(running_lab)


def points(lab: Lab, selector: str) -> float:
    """How many points the selector's newest series has in SPAN_S seconds."""
    return lab.prometheus.scalar(f"max(count_over_time({selector}[{SPAN_S}s]))") or 0.0


def harmless_lines(lab: Lab, since: float) -> set[str]:
    """The first words of the warnings that mean no harm, written since then (epoch seconds)."""
    lines = lab.logs.search(LineFilter(pattern=HARMLESS), since, time.time(), 500)
    return {" ".join(each.message.split()[:3]) for each in lines}


def test_services_metrics_come_every_five_seconds_and_what_pages_every_second(clear: Lab) -> None:
    assert points(clear, OWN) >= SPAN_S - 2
    began = time.time()
    assert not harmless_lines(clear, began - SPAN_S)
    assert clear.fog.change("hazy")
    wait_until(lambda: points(clear, OWN) <= SPAN_S / 5 + 1, what="fewer points", timeout=3 * SPAN_S, interval=1)
    assert points(clear, OWN) >= SPAN_S / 5 - 1
    assert points(clear, PAGED) >= SPAN_S - 2
    left_out = clear.prometheus.scalar('sum(telemetry_left_out_items_total{reason="sampling",signal="traces"})')
    assert left_out
    wait_until(
        lambda: {"deprecated header X-Idempotency-Key:", "the client hung"} <= harmless_lines(clear, began),
        what="lines of old headers and of clients that left",
        timeout=90,
        interval=1,
    )
    steady_state.wait(clear.metrics, clear.rps)
    undo.replay(clear)
    wait_until(lambda: points(clear, OWN) >= SPAN_S - 2, what="every point again", timeout=3 * SPAN_S, interval=1)
    assert clear.prometheus.scalar("min(up)") == 1
