"""The metrics that can be scraped: every series' last point, or, in fog, a point every few seconds, and late.

A point in fog has its own time on the page, however often the page is scraped: Prometheus then stores it once, as if it
scraped more rarely. What did not export lately is not on the page: a gap, and no level that goes on.

What the alert rules read (LIVE) is as fresh as ever: fog makes nobody page later.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from services.telemetry.fog.level import CLEAR, Level
from services.telemetry.fog.sampling import kept
from services.telemetry.metrics.family import Family
from services.telemetry.metrics.registry import Registry

LIVE = frozenset({"client_request_duration_seconds", "stream_lag", "stream_pending", "stream_messages"})
"""The families that compose/prometheus/alerts.yml reads."""
FRESH_S = 3.0
"""An instance exports every second: one that has not for so long is away."""
EXEMPLAR = ' # {trace_id="'
Families = list[tuple[Family, str]]


@dataclass(frozen=True)
class Taken:
    """All points in fog at one time (epoch seconds), as lines without times."""

    at: float
    families: Families


class Exposed:
    """What the page shows. Safe between threads."""

    def __init__(self, registry: Registry, level: Callable[[], Level], now: Callable[[], float] = time.time) -> None:
        self._registry = registry
        self._level = level
        self._now = now
        self._lock = Lock()
        self._taken: list[Taken] = []
        self._last = CLEAR

    def families(self, *, exemplars: bool) -> Families:
        """Every family with the text of its samples."""
        level = self._level()
        with self._lock:
            if level.without_label != self._last.without_label:
                self._registry.drop({*level.without_label, *self._last.without_label})
            self._last = level
            if not level.metrics_every_s:
                self._taken.clear()
                return self._registry.snapshot(exemplars=exemplars)
            shown = self._shown(level)
        live = self._registry.snapshot(exemplars=exemplars, wanted=LIVE.__contains__)
        return [*live, *((family, stamped(text, shown.at, level, exemplars)) for family, text in shown.families)]

    def _shown(self, level: Level) -> Taken:
        now = self._now()
        newest = self._taken[-1].at if self._taken else None
        if newest is None or now // level.metrics_every_s > newest // level.metrics_every_s:
            snapshot = self._registry.snapshot(exemplars=True, wanted=_not_live, within_s=FRESH_S)
            self._taken.append(Taken(now, snapshot[1:] if snapshot else []))  # the first are the instances themselves
        ripe = [number for number, each in enumerate(self._taken) if each.at <= now - level.metrics_late_s]
        del self._taken[: ripe[-1] if ripe else 0]
        return self._taken[0]


def _not_live(name: str) -> bool:
    return name not in LIVE


def stamped(text: str, at: float, level: Level, exemplars: bool) -> str:
    """Return sample lines with the time of their points, and those exemplars whose trace is kept."""
    when = f" {at:.3f}" if exemplars else f" {int(at * 1000)}"
    return "".join(f"{_stamped(line, when, level, exemplars)}\n" for line in text.splitlines())


def _stamped(line: str, when: str, level: Level, exemplars: bool) -> str:
    place = line.rfind(EXEMPLAR)
    if place < 0:
        return line + when
    sample, exemplar = line[:place], line[place:]
    trace_id = bytes.fromhex(exemplar[len(EXEMPLAR) :].partition('"')[0])
    return sample + when + (exemplar if exemplars and kept(trace_id, level.one_trace_in) else "")
