"""A drill: incidents that are played in order. Its plan, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass, replace

SHORTEST_LIMIT_S, LONGEST_LIMIT_S, DEFAULT_LIMIT_S = 900.0, 1800.0, 1200.0
LONGEST_BREAK_S = 24 * 3600.0


@dataclass(frozen=True)
class Planned:
    """One incident of a plan: a fault that is named, or a draw."""

    fault: str | None = None
    track: str | None = None
    difficulty: int | None = None
    seed: int | None = None
    fog: str | None = None
    """The level of fog; None for the usual one."""
    limit_s: float = DEFAULT_LIMIT_S
    break_s: float = 0.0
    """The rest after it."""

    @property
    def what(self) -> str:
        """Say which kind of incident it is; a fault that the plan names is not told."""
        fog = f", {self.fog} telemetry" if self.fog else ""
        if self.fault:
            return f"chosen by the plan{fog}"
        track = f"track {self.track}" if self.track else "any track"
        return track + (f", difficulty {self.difficulty}" if self.difficulty else "") + fog


@dataclass(frozen=True)
class Plan:
    """A drill's plan."""

    title: str
    about: str
    incidents: tuple[Planned, ...]

    @property
    def longest_s(self) -> float:
        """Seconds from the first page to the last limit, if every incident takes all its time."""
        return sum(each.limit_s + each.break_s for each in self.incidents)


@dataclass(frozen=True)
class Played:
    """An incident of the drill that is over: how it ended, and the clock then."""

    incident: str
    status: str
    clock_s: float


@dataclass(frozen=True)
class Progress:
    """How far a lab's drill is. `text` is the plan as it was when the drill began: the file may change, or go."""

    name: str
    text: str
    played: tuple[Played, ...] = ()
    after: str | None = None
    """The lab's last incident before the one that is to be played now; empty where there was none, None before."""
    next_at: float | None = None
    """When the rest ends, in epoch seconds."""

    def beginning(self, last: str) -> Progress:
        """Return the drill as its next incident is about to begin, after the lab's incident `last`."""
        return self if self.after is not None else replace(self, after=last)

    def over(self, played: Played, next_at: float | None) -> Progress:
        """Return the drill after one more incident."""
        return replace(self, played=(*self.played, played), after=None, next_at=next_at)
