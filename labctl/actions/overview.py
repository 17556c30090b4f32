"""What an instructor sees of a lab at a glance: its incident, what its team does, and whether the lab is well."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime

from labctl.actions.answer import moment
from labctl.actions.live import Watch
from labctl.actions.parts import IncidentState, state_of
from labctl.base.errors import LabctlError
from labctl.health import steady_state
from labctl.lab.lab import Lab
from labctl.model.incident import ACTIVE, Incident
from labctl.play import incidents, logbook, looked, mitigations
from labctl.state.locking import BACKGROUND, holder

WELL_S = 5.0
"""How long what was found of a lab's health is good: each asking costs the lab a dozen queries."""


@dataclass(frozen=True)
class Doing:
    """What a team did last, and when."""

    number: int
    what: str
    at: datetime


@dataclass(frozen=True)
class Supposed:
    """A hypothesis, and what became of it: open, supported or ruled-out."""

    number: int
    text: str
    state: str


@dataclass(frozen=True)
class Glance:
    """A lab at a glance. The incident is the last one; without one, nobody has done anything."""

    lab: str
    incident: IncidentState | None = None
    last_look: Doing | None = None
    hypotheses: tuple[Supposed, ...] = ()
    wrong: tuple[str, ...] = ()
    """The wrong answers: component / trigger / mechanism."""
    mitigations: int = 0
    busy: str = ""
    """The command that holds the lab; empty for none, and for a colleague's change."""
    troubles: tuple[str, ...] = ()
    """Why the lab is not well, a sentence each."""


@dataclass
class Onlooker:
    """Looks at one lab again and again; threads share it."""

    name: str
    _health: tuple[str, ...] = field(default=(), repr=False)
    _asked_at: float = field(default=float("-inf"), repr=False)

    def __post_init__(self) -> None:
        self._watch = Watch(self.name)

    def look(self) -> Glance:
        """Return the lab now. What can't be found out is said as a trouble: nothing is raised."""
        try:
            return self._looked(self._watch.lab)
        except LabctlError as problem:
            return Glance(self.name, troubles=(problem.what,))

    def _looked(self, lab: Lab) -> Glance:
        incident = incidents.latest(lab)
        if incident is None or incident.page is None:
            return Glance(self.name, busy=_busy(lab), troubles=self._troubles(lab, incident))
        looks = looked.of_incident(lab, incident)
        last = looks[-1] if looks else None
        found = logbook.read(lab, incident).hypotheses
        return Glance(
            self.name,
            state_of(lab, incident),
            Doing(last.number, f"{last.command} {last.asked}".strip(), moment(last.at)) if last else None,
            tuple(Supposed(each.number, each.text, str(each.state)) for each in found),
            tuple(_cause(incident, at) for at, each in enumerate(incident.attempts) if not each.right),
            len(mitigations.taken(lab.store.documents, incident.id)),
            _busy(lab),
            self._troubles(lab, incident),
        )

    def _troubles(self, lab: Lab, incident: Incident | None) -> tuple[str, ...]:
        """Return what is wrong with the lab itself: figures out of bounds are the incident's while one is open."""
        now = time.monotonic()
        if now - self._asked_at > WELL_S:
            self._asked_at = now
            away = tuple(f"{each.source} does not answer" for each in self._watch.look().away)
            on = incident is not None and (incident.status in ACTIVE or incidents.still_broken(lab, incident))
            self._health = away or (() if on else _sick(lab))
        return self._health


def _sick(lab: Lab) -> tuple[str, ...]:
    try:
        return tuple(f"{each.probe.name} is out of bounds" for each in steady_state.check(lab.metrics, lab.rps)
                     if not each.holds)  # fmt: skip
    except LabctlError as problem:
        return (problem.what,)


def _busy(lab: Lab) -> str:
    who = holder(lab.name)
    return who.command if who and who.command != BACKGROUND else ""


def _cause(incident: Incident, at: int) -> str:
    cause = incident.attempts[at].answer.root_cause
    return f"{cause.component} / {cause.trigger} / {cause.mechanism}"
