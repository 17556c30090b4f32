"""A fault: the catalogue's unit. What breaks, how it is injected, recognised, explained."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from labctl.model.draw import Draw, Range
from labctl.model.lab import Lab
from labctl.model.mitigation import Mitigation
from labctl.model.probe import Probe
from labctl.model.signal import Signal
from labctl.model.vocabulary import Category, Component, Impact, Mechanism, Trigger

SLOWEST = 0.3
"""The slowest host that faults are meant for, as a share of the reference's speed.

Slower hosts were never measured (0.53 was the slowest): their own queues may page.
"""
DIFFICULTIES = range(1, 6)
"""From 1 (one look tells) to 5 (every first guess is wrong)."""
RATE_OF_BUDGETS = 15.0
"""Requests per second from which on a fault's page is due in its time; with fewer, symptoms show later."""


@dataclass(frozen=True)
class RootCause:
    """Component, trigger and mechanism: all three have to be right."""

    component: Component
    trigger: Trigger
    mechanism: Mechanism


@dataclass(frozen=True)
class Link:
    """One link of the causal chain: what happens at a component, and the probe that shows it."""

    component: Component
    claim: str
    probe: Probe


@dataclass(frozen=True)
class NearMiss:
    """A plausible wrong answer, and why it is wrong: told in the debrief, never before."""

    root_cause: RootCause
    reason: str


def near_miss(component: Component, trigger: Trigger, mechanism: Mechanism, reason: str) -> NearMiss:
    """Return the near miss that these three words state."""
    return NearMiss(RootCause(component, trigger, mechanism), reason)


@dataclass(frozen=True)
class Load:
    """The load that shows the fault: the least total rate, in requests per second."""

    min_rps: float = 5.0


@dataclass(frozen=True)
class Host:
    """The hosts on which the fault shows, by their speed in multiples of the reference's (calibration.py).

    A fault that is made of waits shows on every host. A fault whose query must outlast a time-out doesn't show on a
    host that is too fast.
    """

    slowest: float = SLOWEST
    fastest: float = math.inf

    @property
    def told(self) -> str:
        """These hosts in words."""
        most = "" if self.fastest == math.inf else f", {self.fastest:g} times at most"
        return f"at least {self.slowest:g} times the reference's speed{most}"

    def __str__(self) -> str:
        return "any" if self.fastest == math.inf else f"up to {self.fastest:g} x"


def takes(step: Callable[..., object], count: int) -> bool:
    """Whether a function can be called with so many arguments, by position."""
    try:
        inspect.signature(step).bind(*[None] * count)
    except (TypeError, ValueError):
        return False
    return True


@dataclass(frozen=True)
class Fault:
    """One entry of the catalogue; `story` is the fault module's docstring."""

    id: str
    title: str
    story: str
    category: Category
    difficulty: int
    """One of DIFFICULTIES."""
    root_cause: RootCause
    impact: frozenset[Impact]
    """What users feel: every word that is right, in each degree that the fault passes through."""
    chain: tuple[Link, ...]
    """From the trigger to the user, in order of appearance."""
    must_move: tuple[Probe, ...]
    must_not_move: tuple[Probe, ...]
    symptom: Probe
    """What users feel, or would feel: the last link of the chain, measured where users feel it."""
    blast_radius: frozenset[Component]
    near_misses: tuple[NearMiss, ...]
    inject: Callable[[Lab, Draw], None] | Callable[[Lab], None]
    """Breaks a lab; the draw says what varies this time. One that takes the lab alone is the same each time."""
    accepted: tuple[RootCause, ...] = ()
    """Other statements of the same root cause that count as right."""
    evidence: tuple[Signal, ...] = ()
    """The signals by which it can be told: three or more, of two kinds or more."""
    varies: tuple[Range, ...] = ()
    """What the draw decides beside author and wording; the fault holds at both ends of each."""
    tracks: frozenset[str] = frozenset()
    load: Load = field(default_factory=Load)
    host: Host = field(default_factory=Host)
    page_within_s: float = 30.0
    """Seconds from the injection to the page, at most, at RATE_OF_BUDGETS or more; a slow fault sets its own."""
    mitigations: tuple[Mitigation, ...] = ()
    """Ways that bring the service level back, and plausible ones that don't; the shipped faults' are in one file."""
    folder: Path | None = None
    """Where a user's own fault was loaded from; set by the loader, None for the shipped ones."""

    @property
    def signature(self) -> tuple[Probe, ...]:
        """The probes that hold under this fault and no other."""
        return self.must_move + self.must_not_move

    def break_lab(self, lab: Lab, draw: Draw) -> None:
        """Break a lab as the draw says."""
        if takes(self.inject, 2):
            cast(Callable[[Lab, Draw], None], self.inject)(lab, draw)
        else:
            cast(Callable[[Lab], None], self.inject)(lab)

    def page_due_s(self, rps: float) -> float:
        """Return within how many seconds the page is due at this load: an alert needs the same number of requests."""
        return self.page_within_s * max(1.0, RATE_OF_BUDGETS / rps)

    def unfit(self, rps: float, speed: float | None) -> str:
        """Return why the fault would not show at this load on a host of this speed; empty when it would show.

        The speed is in multiples of the reference's; None for a host that was not measured.
        """
        if rps < self.load.min_rps:
            return f"it takes {self.load.min_rps:g} requests/s to show, and the lab has {rps:g}"
        if speed is not None and speed > self.host.fastest:
            return f"the host is {speed:.1f} times as fast as the reference; it shows up to {self.host.fastest:g} times"
        if speed is not None and speed < self.host.slowest:
            return (
                f"the host has {speed:.2f} of the reference's speed; below {self.host.slowest:g} a healthy lab may page"
            )
        return ""

    def explains(self, answer: RootCause) -> bool:
        """Whether `answer` states this fault's root cause."""
        return answer == self.root_cause or answer in self.accepted
