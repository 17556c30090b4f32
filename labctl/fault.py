"""A fault: the catalogue's unit. What breaks, how it is injected, healed, recognised, explained."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from labctl.probe import Probe
from labctl.vocabulary import Category, Component, Impact, Mechanism, Trigger

if TYPE_CHECKING:
    from labctl.lab import Lab


RATE_OF_BUDGETS = 15.0
"""Requests per second from which on a fault's budgets hold; below, symptoms take their time to be seen."""


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
class Fault:
    """One entry of the catalogue; `story` is the fault module's docstring."""

    id: str
    title: str
    story: str
    category: Category
    difficulty: int
    """1 (one look tells) to 5 (every first guess is wrong)."""
    root_cause: RootCause
    impact: frozenset[Impact]
    """Every impact that counts as right."""
    chain: tuple[Link, ...]
    """From the trigger to the user, in order of appearance."""
    must_move: tuple[Probe, ...]
    must_not_move: tuple[Probe, ...]
    symptom: Probe
    """What the user feels, or would: the chain's last word, measured where it is felt."""
    blast_radius: frozenset[Component]
    near_misses: tuple[NearMiss, ...]
    inject: Callable[[Lab], None]
    heal: Callable[[Lab], None]
    accepted: tuple[RootCause, ...] = ()
    """Other statements of the same root cause that count as right."""
    tracks: frozenset[str] = frozenset()
    load: Load = field(default_factory=Load)
    page_within_s: float = 30.0
    """Within how many seconds of the injection the page is due at RATE_OF_BUDGETS or more, unless it burns slowly."""
    folder: Path | None = None
    """Where a user's own fault was loaded from; set by the loader, None for the shipped ones."""

    @property
    def signature(self) -> tuple[Probe, ...]:
        """The probes that hold under this fault and no other."""
        return self.must_move + self.must_not_move

    def page_due_s(self, rps: float) -> float:
        """Return within how many seconds the page is due at this load: alerts need as many requests at any rate."""
        return self.page_within_s * max(1.0, RATE_OF_BUDGETS / rps)

    def explains(self, answer: RootCause) -> bool:
        """Whether `answer` states this fault's root cause."""
        return answer == self.root_cause or answer in self.accepted
