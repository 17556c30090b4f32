"""What a dashboard costs the room's server: CPU for twelve panels that are refreshed each second.

    python -m bench.dashboards LAB [SECONDS]

It asks a room of its own in this process, so that the figure holds the asking, too. Opening is no part of it, and
nothing is written to the lab's journal.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass

from flask.testing import FlaskClient

from bench.budgets import Figure
from labctl.actions.dashboards import shelf
from labctl.base.waiting import pause
from labctl.room.app import create_app
from labctl.room.identity import FRONT_SECRET, FRONT_USER, ByFront

PANELS = 12
SPAN = "5m"
"""The shortest time that one can choose: its points are a second apart."""
SECRET = "for this process only"  # noqa: S105 - it opens nothing else


@dataclass(frozen=True)
class Cost:
    """The share of one core, how long an answer took at the median, and the first one, in seconds."""

    share: float
    answer_s: float
    first_s: float
    refreshes: int


def measure(lab: str, seconds: int = 30) -> Cost:
    """Return what twelve panels of the first dashboard cost, refreshed each second for `seconds`."""
    client = create_app(lab, "/", ByFront(SECRET, SECRET)).test_client()
    numbers = ",".join(str(each.id) for each in shelf()[0].panels if not each.asks_logs and each.targets)
    numbers = ",".join(numbers.split(",")[:PANELS])
    last, first_s = _ask(client, f"begun={numbers}&options=1")
    took: list[float] = []
    began, used = time.monotonic(), time.process_time()
    while time.monotonic() - began < seconds:
        pause(max(0.0, began + len(took) + 1 - time.monotonic()))
        last, each = _ask(client, f"panels={numbers}&since={last - 2}")
        took.append(each)
    passed = time.monotonic() - began
    return Cost((time.process_time() - used) / passed, sorted(took)[len(took) // 2], first_s, len(took))


def figures(lab: str) -> list[Figure]:
    """Return what the dashboard costs, with its budgets."""
    cost = measure(lab)
    return [
        Figure(f"dashboards, server: {PANELS} panels refreshed each second", "% of a core", (100 * cost.share,), 10),
        Figure("dashboards, an answer for all of them", "ms", (1000 * cost.answer_s,), 1000),
    ]


def _ask(client: FlaskClient, query: str) -> tuple[float, float]:
    began = time.monotonic()
    headers = {FRONT_SECRET: SECRET, FRONT_USER: "bench", "X-Refresh": "1"}
    answer = client.get(f"/dashboards/data?range={SPAN}&{query}", headers=headers)
    if answer.status_code != 200 or not answer.json:
        raise RuntimeError(f"the room answered {answer.status_code}: {answer.text[:200]}")
    return float(answer.json["last"]), time.monotonic() - began


if __name__ == "__main__":
    cost = measure(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 30)
    told = f"{cost.answer_s * 1000:.0f} ms an answer, the first {cost.first_s * 1000:.0f} ms"
    sys.stdout.write(f"{cost.share:.1%} of a core, {told}\n")
