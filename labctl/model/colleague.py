"""A colleague's change: harmless, and made as a fault's is: only by its effects can one be told from the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component


class ChangeKind(StrEnum):
    """What is changed."""

    RELEASE = "release"
    CONFIGURATION = "configuration"
    FLAG = "flag"
    MIGRATION = "migration"
    JOB = "job"
    TRAFFIC = "traffic"


ROLLS_OUT = frozenset({ChangeKind.RELEASE, ChangeKind.CONFIGURATION})
"""These replace their component's containers, which takes seconds."""
APART_S = 45.0
"""Between two roll-outs of a service: an alert takes a second restart within half a minute for a crash."""


@dataclass(frozen=True)
class Lasting:
    """How long a change stays before its author ends it, in seconds: drawn between two."""

    least_s: int
    most_s: int


@dataclass(frozen=True)
class ColleaguesChange:
    """One file of `colleagues/`; `story` is its docstring: what is changed, and why nobody feels it."""

    id: str
    kind: ChangeKind
    component: Component
    """The one that the change feed names."""
    story: str
    make: Callable[[Lab, Draw], object]
    """Makes the change through the lab's mechanisms; what varies comes from the draw."""
    lasts: Lasting | None = None
    """None: the change stays, until the lab is healed. A job and a shift of traffic end by themselves."""
    shows: Component | None = None
    """Where its effect is seen on a dashboard, for a change that replaces no container."""

    @property
    def seen_at(self) -> Component | None:
        """The component on whose dashboards it is seen: a roll-out is, by its starts and its memory. None for none."""
        return self.component if self.kind in ROLLS_OUT else self.shows
