"""The present state of one lab; a part that can't be found out is empty, and `troubles` says why."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, TypeVar

from labctl.actions.answer import Answer, moment
from labctl.actions.elsewhere import reachable
from labctl.actions.looking import record_look
from labctl.actions.parts import IncidentState, Reading, readings, state_of
from labctl.base.errors import LabctlError
from labctl.health import kept, paging, steady_state
from labctl.lab.lab import Lab
from labctl.model.incident import ACTIVE, Incident
from labctl.operate import background, guard
from labctl.operate.interfaces import interfaces
from labctl.play import incidents
from labctl.state.locking import BACKGROUND, Holder, holder

CHANGES_S = 3600.0
T = TypeVar("T")


@dataclass(frozen=True)
class Container:
    """One container; `state` is Docker's word. Its name is left out: it counts how often the container was replaced."""

    service: str
    image: str
    state: str


@dataclass(frozen=True)
class Firing:
    """An alert that is paging now."""

    alert: str
    summary: str


@dataclass(frozen=True)
class RecentChange:
    """A change of the last hour; `summary` may have several lines."""

    at: datetime
    component: str
    kind: str
    summary: str


@dataclass(frozen=True)
class Status(Answer):
    """The present state of one lab."""

    schema: ClassVar[str] = "labctl.status/2"
    name: str
    status: str
    healthy: bool
    """Whether the steady state holds, no incident is open and no command was interrupted."""
    rps: float
    seed: int
    created_at: datetime
    fog: str | None
    """How incomplete the telemetry is: "clear", "hazy" or "dense"; null where that can't be read."""
    interfaces: dict[str, str | None]
    containers: tuple[Container, ...]
    steady_state: tuple[Reading, ...]
    """During an incident only the clients' view."""
    pages: tuple[Firing, ...]
    incident: IncidentState | None
    changes: tuple[RecentChange, ...]
    in_progress: str | None
    """The command that is changing the lab now; null without one."""
    director: int | None
    """The process that makes colleagues' changes in this lab; null where none runs."""
    interrupted: tuple[str, ...]
    """The commands that were interrupted, and what to do about them."""
    troubles: tuple[str, ...]
    """Why a part of this answer, or of what look-ups find, is missing: one sentence each."""


@reachable
def status(name: str) -> Status:
    """Return the lab's state, and change nothing: neither lab nor incident. Raises NotFoundError."""
    lab = Lab.open(name)
    seen = _look(lab, holder(lab.name))
    record_look(lab, "status")
    return seen


def seen_from_elsewhere(seen: Status) -> Status:
    """Return the state without what is of no use on another machine: addresses and processes of this one."""
    return replace(seen, interfaces=dict.fromkeys(seen.interfaces), director=None)


def _look(lab: Lab, busy: Holder | None) -> Status:
    troubles: list[str] = []

    def part(ask: Callable[[], list[T]]) -> list[T]:
        try:
            return ask()
        except LabctlError as error:
            troubles.append(error.what)
            return []

    now = time.time()
    record = lab.record
    latest = part(lambda: [incidents.latest(lab)])
    incident = next((each for each in latest if each and each.status in ACTIVE), None)
    containers = sorted(part(lab.stack.ps), key=lambda each: each.service)
    measured = part(lambda: _readings(lab, incident))
    firing = part(lambda: paging.firing(lab.metrics))
    changes = part(lambda: lab.store.changes.list(since=now - CHANGES_S))
    troubles += part(lambda: kept.troubles(lab.metrics))
    director = next(iter(part(lambda: [_director(lab)])), None)
    interrupted = [] if busy else part(lab.store.operations.unfinished)
    return Status(
        name=record.name,
        status=record.status,
        healthy=bool(measured) and not (steady_state.sick(measured) or interrupted or incident),
        rps=record.rps,
        seed=record.seed,
        created_at=moment(record.created_at),
        fog=next(iter(part(lambda: [lab.fog.level])), None),
        interfaces=interfaces(lab),
        containers=tuple(Container(each.service, each.image, each.state) for each in containers),
        steady_state=readings(measured),
        pages=tuple(Firing(each.name, each.annotations.get("summary", each.name)) for each in firing),
        incident=state_of(lab, incident) if incident else None,
        changes=tuple(RecentChange(moment(each.at), each.component, each.kind, each.summary) for each in changes),
        in_progress=str(busy) if busy and busy.command != BACKGROUND else None,
        director=director.pid if director else None,
        interrupted=tuple(guard.explain(lab, each) for each in interrupted),
        troubles=tuple(dict.fromkeys(troubles)),
    )


def _director(lab: Lab) -> background.Process | None:
    """Return the process that makes colleagues' changes; one that only sees to a lab that nobody uses is none."""
    script = lab.store.script.read()
    return background.running(lab.name) if script and script.playing else None


def _readings(lab: Lab, incident: Incident | None) -> list[steady_state.Reading]:
    found = steady_state.check(lab.metrics, lab.rps)
    # During an incident only the clients' view: the learner has to find the other probes that don't hold.
    return [each for each in found if each.probe.name in steady_state.CLIENTS_VIEW] if incident else found
