"""Actions of an instructor on an incident: pause its clock, let it run on, move its limit, end it, void it.

Each counts from the moment at which it is asked for, even if it has to wait for the lab.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from labctl.actions import heal
from labctl.actions.answer import Answer
from labctl.actions.parts import IncidentState, state_of
from labctl.base.errors import InputError
from labctl.base.times import parse_duration, show_clock
from labctl.lab.lab import Lab
from labctl.model import incident as model
from labctl.model.drill import LONGEST_LIMIT_S
from labctl.operate import guard
from labctl.play import clock, mitigations
from labctl.state.locking import locked

BEHIND = frozenset({"submit", "debrief", "give-up", "mitigate", "incident"})
"""What an instructor waits for, when it holds the lab: each ends within seconds."""
SHORTEST_S = 1.0


@dataclass(frozen=True)
class Changed(Answer, IncidentState):
    """The incident after what an instructor did to it."""

    schema: ClassVar[str] = "labctl.incident-clock/1"
    done: str
    """"pause", "resume", "extend", "end" or "void"."""
    healed: bool
    """Whether the lab was healed, as it is for an incident that is voided."""


def pause(name: str) -> Changed:
    """Let the clock stand still; the lab runs on, and no answer is taken. Raises LabStateError unless it runs."""
    return _change(name, clock.Change.PAUSE, clock.pause)


def resume(name: str) -> Changed:
    """Let the clock run on. Raises LabStateError unless it is paused."""
    return _change(name, clock.Change.RESUME, clock.resume)


def extend(name: str, by_s: float) -> Changed:
    """Move the limit by so many seconds. Raises LabStateError without a limit, InputError for too many."""
    if not SHORTEST_S <= by_s <= LONGEST_LIMIT_S:
        raise InputError(
            f"a limit can't be extended by {show_clock(by_s)}",
            expected=f"between {show_clock(SHORTEST_S)} and {show_clock(LONGEST_LIMIT_S)}",
        )
    return _change(name, clock.Change.EXTEND, lambda lab, at: clock.extend(lab, by_s, at))


def extension(text: str) -> float:
    """Return the seconds that a duration means. Raises InputError."""
    return parse_duration(text, "the extension")


def end(name: str) -> Changed:
    """End the incident now, as its limit would have: the debrief can be read. Raises LabStateError."""

    def ended(lab: Lab, at: float) -> model.Incident:
        found = clock.end(lab, at)
        mitigations.keep_service_level(lab)
        return found

    return _change(name, clock.Change.END, ended)


def void(name: str, *, heal_too: bool = True) -> Changed:
    """Let nothing of the last incident count, open or over, and heal the lab. Raises LabStateError, HealError."""
    changed = _change(name, clock.Change.VOID, clock.void)
    if not heal_too:
        return changed
    heal.heal(name)
    return Changed(**{**vars(changed), "healed": True})


def _change(name: str, what: clock.Change, change: Callable[[Lab, float], model.Incident]) -> Changed:
    lab = Lab.open(name)
    at = clock.last_moment(lab)
    with locked(lab.name, "incident", behind=BEHIND):
        guard.recover(lab)
        incident = change(lab, at)
    return Changed(**vars(state_of(lab, incident)), done=str(what), healed=False)
