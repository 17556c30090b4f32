"""The run: one lab alone, then all of them at rest, then one of them broken, then one paused and resumed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from bench import measure
from bench.labs import seen
from bench.labs.seen import Seen
from labctl.base import progress
from labctl.base.waiting import pause
from labctl.health import steady_state
from labctl.lab.lab import Lab
from labctl.model.fault import Fault
from labctl.operate import guard, injection, pausing
from labctl.state.locking import locked

PAUSED_S = 45
"""Longer than any service would wait for a sign of life."""
SETTLES_S = 20
"""After the last start, until what starting cost is over."""


@dataclass(frozen=True)
class Plan:
    """How many labs at how many requests/s, and how many seconds each window is."""

    labs: int
    rps: float
    window_s: int

    def names(self) -> list[str]:
        """Return the labs' names."""
        return [f"{measure.NAME}-{number}" for number in range(1, self.labs + 1)]


@dataclass(frozen=True)
class Run:
    """What was seen, by lab: alone, twice at rest, and while the first lab was broken; and how long things took."""

    plan: Plan
    alone: Seen
    rest: tuple[dict[str, Seen], dict[str, Seen]]
    broken: dict[str, Seen]
    start_s: tuple[float, ...]
    pause_s: float
    resume_s: float


def play(plan: Plan, fault: Fault) -> Run:
    """Start the labs, measure, and take them down, whatever happens."""
    first, *others = plan.names()
    with ExitStack() as stack:
        began = [stack.enter_context(measure.running(first, plan.rps))]
        labs = [began[0].lab]
        pause(SETTLES_S)
        alone = seen.look(labs, plan.window_s, "one lab alone")[first]
        for name in others:
            began.append(stack.enter_context(measure.running(name, plan.rps)))
            labs.append(began[-1].lab)
        pause(SETTLES_S)
        rest = tuple(seen.look(labs, plan.window_s, f"{plan.labs} labs at rest, window {each}") for each in (1, 2))
        with _broken(labs[0], fault):
            broken = seen.look(labs, plan.window_s, "one of them broken")
        pause_s, resume_s = _paused(labs[-1])
    return Run(plan, alone, (rest[0], rest[1]), broken, tuple(each.seconds for each in began), pause_s, resume_s)


@contextmanager
def _broken(lab: Lab, fault: Fault) -> Iterator[None]:
    with guard.exclusive(lab, "bench"):
        try:
            with progress.step("breaking one"):
                injection.inject(lab, fault)
            yield
        finally:
            injection.heal(lab)


def _paused(lab: Lab) -> tuple[float, float]:
    """Pause a lab for a while; return how long pausing took, and resuming until the lab was healthy."""
    with locked(lab.name, "bench"):
        steady_state.wait(lab.metrics, lab.rps)
        began = time.monotonic()
        pausing.pause(lab)
        pause_s = time.monotonic() - began
        pause(PAUSED_S)
        began = time.monotonic()
        pausing.wake(lab)
        steady_state.wait(lab.metrics, lab.rps)
        return pause_s, time.monotonic() - began
