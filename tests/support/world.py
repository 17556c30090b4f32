"""A lab in a world of its own: time that only passes when somebody waits, and figures that follow what is broken.

Whatever is broken shows after DELAY_S in every signal, pages after PAGE_S, and is gone RECOVER_S after healing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar

import pytest

from labctl.base import boot_clock
from labctl.health import baseline, coverage, steady_state
from labctl.lab import fingerprint
from labctl.lab.lab import Lab
from labctl.lab.mechanisms.mechanism import Mechanism
from labctl.model.fault import Fault
from labctl.model.probe import Probe, at_most
from labctl.model.samples import Alert
from labctl.play import evidence
from labctl.state.change_feed import NewChange
from labctl.state.undo_log import Entry
from labctl.verify import verification
from tests.support.catalogue import use_only
from tests.support.example_fault import example
from tests.support.fake_lab import FakeStack, make_lab, make_record
from tests.support.fake_metrics import FakeMetrics, Signal

START = 1_700_000_000.0
DELAY_S = 4.0
PAGE_S = 9.0
RECOVER_S = 6.0
STEADY = Probe("checkout errors", "steady", at_most(0))
HEALTHY_AND_BROKEN = {
    "queue": (10.0, 40.0),
    "retries": (0.0, 3.0),
    "bad_gateway": (0.0, 0.5),
    "errors": (0.0, 0.05),
    "cpu": (0.2, 0.21),
    "steady": (0.0, 1.0),
    coverage.ALL_THERE: (1.0, 1.0),
}
SERVICES = {"queue": "risk", "cpu": "payments"}
"""Whose series some of these are, as evidence is asked."""


@dataclass
class Clock:
    """Time as the whole process sees it; sleeping moves it on at once."""

    now: float = START

    def time(self) -> float:
        """Return the present, and let a moment pass: whoever polls gets on."""
        self.now += 0.001
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


@dataclass(frozen=True)
class Breaking(Mechanism):
    """The mechanism by which a world is broken, and mended."""

    name: ClassVar[str] = "world"
    mend: Callable[[], None]

    def undo(self, entries: Sequence[Entry]) -> None:
        self.mend()


@dataclass
class World:
    """What is broken, when, and the lab that shows it."""

    clock: Clock
    lab: Lab
    stack: FakeStack
    metrics: FakeMetrics
    broken: list[list[float]] = field(default_factory=list)
    """Spans [from, to) in epoch seconds."""
    pages: bool = True
    on_inject: Callable[[], None] = lambda: None
    on_heal: Callable[[], None] = lambda: None
    left: dict[str, str] = field(default_factory=dict)
    """What a fingerprint of the lab finds beside what was always there."""

    @property
    def healthy_now(self) -> bool:
        """Whether nothing is broken any more."""
        return all(end <= self.clock.now for _, end in self.broken)

    def inject(self, lab: object) -> None:
        """Break it, from now on."""
        self.lab.store.undo_log.add("world", "all of it", {})
        self.broken.append([self.clock.now, float("inf")])
        self.on_inject()

    def heal(self) -> None:
        """Mend it, now; harmless when nothing is broken."""
        self.on_heal()
        if not self.healthy_now:
            change = NewChange("configuration", "risk", "Restore configuration", "", "", "on-call")
            self.lab.store.changes.add(change)
        for span in self.broken:
            span[1] = min(span[1], self.clock.now)

    def fault(self, **changed: object) -> Fault:
        """Return the example fault, as something that breaks this world."""
        return example(**{"inject": self.inject, **changed})

    def shows(self, at: float, delay: float = DELAY_S, recover: float = RECOVER_S) -> bool:
        """Whether something broken shows at this moment."""
        return any(start + delay <= at < end + recover for start, end in self.broken)

    def alerts(self) -> list[Alert]:
        """Return the page, while there is one."""
        if not self.pages or not self.shows(self.clock.now, PAGE_S, 0):
            return []
        labels = {"alertname": "CheckoutErrorRatioHigh", "severity": "page"}
        return [Alert(labels["alertname"], "firing", labels, {"summary": "Checkouts fail"}, self.clock.now)]

    def use(self, figures: Mapping[str, tuple[float, float] | None]) -> None:
        """Replace signals by (healthy, broken) figures; None takes one away."""
        self.metrics.signals = {
            **self.metrics.signals,
            **{query: self._signal(*pair) if pair else lambda _at: None for query, pair in figures.items()},
        }

    def use_before(self, query: str, figure: float) -> None:
        """Let a signal have a figure until a second before anything is broken, and be 0 from then on."""

        def signal(at: float) -> float:
            return 0.0 if self.broken and at > self.broken[0][0] - 1 else figure

        self.metrics.signals = {**self.metrics.signals, query: signal}

    def _signal(self, healthy: float, broken: float) -> Signal:
        return lambda at: broken if self.shows(at or self.clock.now) else healthy


def make_world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """Make the world; `time` and the steady state are its own, the catalogue holds its fault only."""
    monkeypatch.setenv("LABCTL_STATE_DIR", str(tmp_path / "state"))
    clock = Clock()
    for name in ("time", "monotonic"):
        monkeypatch.setattr(time, name, clock.time)
    monkeypatch.setattr(time, "sleep", clock.sleep)
    monkeypatch.setattr(boot_clock, "ticks", clock.time)
    monkeypatch.setattr(steady_state, "probes", lambda _rps: (STEADY,))
    monkeypatch.setattr(baseline, "MIN_S", 5.0)
    monkeypatch.setattr(verification, "describe", lambda: {"cores": 2})
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    lab.store.save(replace(make_record(), created_at=START - 3600))
    world = World(clock, lab, stack, FakeMetrics({}))
    world.use(HEALTHY_AND_BROKEN)
    world.use({evidence.where(query): (1.0, 1.0) for query in SERVICES})
    world.metrics.labels = {evidence.where(query): {"service": service} for query, service in SERVICES.items()}
    world.metrics.firing = world.alerts
    monkeypatch.setitem(lab.__dict__, "metrics", world.metrics)
    monkeypatch.setitem(lab.__dict__, "prometheus", world.metrics)
    monkeypatch.setattr(fingerprint, "take", lambda _lab: {"redis: role": "master", **world.left})
    monkeypatch.setattr(Lab, "open", lambda _name: lab)
    use_only(monkeypatch, world.fault())
    mechanisms = {"world": Breaking(stack, lab.store, world.heal), "fog": lab.fog}  # type: ignore[arg-type]
    monkeypatch.setattr(Lab, "mechanisms", property(lambda _: mechanisms))
    return world
