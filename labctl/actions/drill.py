"""Drills: incidents that are played in order, each healed when it is over."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from labctl.actions import heal, incident
from labctl.actions.answer import Answer, moment
from labctl.actions.parts import IncidentState, state_of
from labctl.base.errors import InputError, LabStateError
from labctl.base.waiting import pause, wait_until
from labctl.base.yaml_parts import Part
from labctl.catalogue import drill_plans, drill_reading
from labctl.lab.lab import Lab
from labctl.model.drill import Plan, Planned, Progress
from labctl.model.incident import Status
from labctl.play import drills, incidents
from labctl.state.locking import holder

POLL_S = 1.0
PATIENCE_S = 300.0
"""How long a drill waits for a command of the learner's."""


@dataclass(frozen=True)
class KnownDrill:
    """A drill that is shipped; it takes at most `longest_s` seconds, without the waits for its pages."""

    name: str
    title: str
    about: str
    incidents: int
    longest_s: float


@dataclass(frozen=True)
class Drills(Answer):
    """The drills that are shipped."""

    schema: ClassVar[str] = "labctl.drills/1"
    drills: tuple[KnownDrill, ...]


@dataclass(frozen=True)
class Step:
    """One incident of a drill. `state` is to-come, open, or how it ended: solved, locked, given-up or timed-out."""

    number: int
    what: str
    state: str
    incident: str | None
    clock_s: float | None


@dataclass(frozen=True)
class Drill(Answer):
    """How far the drill of a lab is."""

    schema: ClassVar[str] = "labctl.drill/1"
    drill: str
    title: str
    state: str
    """"to-begin" (the next incident is due), "open", "rest" or "done"."""
    steps: tuple[Step, ...]
    incident: IncidentState | None
    """The incident that is open now."""
    next_at: datetime | None
    """When the rest ends; null where there is none."""


def known() -> Drills:
    """Return the drills that are shipped."""
    found = drill_plans.shipped().items()
    return Drills(
        tuple(KnownDrill(name, each.title, each.about, len(each.incidents), each.longest_s) for name, each in found)
    )


def is_shipped(plan: str) -> bool:
    """Whether this is the name of a drill that is shipped."""
    return plan in drill_plans.FIRST


def plan_of(plan: str) -> Plan:
    """Return a drill's plan, by its shipped name or its file. Raises NotFoundError, CatalogueError."""
    return drill_plans.parsed(drill_plans.text(plan), plan)


def incidents_of(part: Part) -> tuple[Planned, ...]:
    """Return the incidents that a part of another plan lists. Raises CatalogueError."""
    return drill_reading.incidents(part)


def status(name: str) -> Drill:
    """Return how far the lab's drill is. Raises LabStateError when there was none."""
    lab = Lab.open(name)
    return _answer(lab, _required(lab))


def run(name: str, plan: str = "", folder: Path | None = None, *, again: bool = False) -> Generator[Drill, None, None]:
    """Play a drill to its end, or go on with the one that was interrupted; yield it at each page and each end.

    Each incident ends by its learner's commands, or at its limit; the lab is healed then. `again` gives up a drill
    that is not done. Raises LabStateError, CatalogueError, NotFoundError, and what breaking and healing raise.
    """
    lab = Lab.open(name)
    with drills.only_one(lab):
        progress = _begun(lab, plan, again=again)
        planned = drill_plans.parsed(progress.text, progress.name).incidents
        for each in planned[len(progress.played) :]:
            _rest(progress)
            progress = drills.save(lab, progress.beginning(drills.last_incident(lab)))
            if drills.begun(lab, progress) is None:
                _start(lab, each, folder, Path(progress.name).stem)
            yield _answer(lab, progress)
            progress = _play_out(lab, progress, each, folder, last=len(progress.played) + 1 == len(planned))
            yield _answer(lab, progress)


def _begun(lab: Lab, plan: str, *, again: bool) -> Progress:
    """Return the drill to go on with, or a new one."""
    present = drills.load(lab)
    done = present is None or len(present.played) >= len(_plan(present).incidents)
    if not plan:
        if present is None or done:
            raise InputError(
                "no drill was named, and none is to go on with", expected="a name of `labctl drill list`, or a file"
            )
        return present
    text = drill_plans.text(plan)
    new = Progress(plan, text)
    drill_plans.parsed(text, plan)
    if present and not done and not again:
        if present.text == text:
            return present
        raise LabStateError(
            f"the drill {present.name} is not done",
            expected="one drill at a time",
            todo=f"`labctl drill run{lab.option}` goes on with it, `labctl drill run {plan} --again` gives it up",
        )
    incidents.require_none(lab)
    return drills.save(lab, new)


def _start(lab: Lab, planned: Planned, folder: Path | None, drill: str) -> None:
    _wait_until_free(lab)
    choice = None if planned.fault else incident.Choice(planned.track, planned.difficulty, planned.seed)
    incident.start(lab.name, planned.fault, choice, folder, planned.limit_s, fog=planned.fog, drill=drill)


def _play_out(lab: Lab, progress: Progress, planned: Planned, folder: Path | None, *, last: bool) -> Progress:
    """Wait for the end of the present incident, heal the lab, write down how it went."""
    while True:
        current = drills.begun(lab, progress)
        ended = drills.over(current) if current else None
        if ended:
            break
        pause(POLL_S)
    _wait_until_free(lab)
    heal.heal(lab.name, folder)
    return drills.save(lab, progress.over(ended, drills.next_at(planned, time.time(), last=last)))


def _wait_until_free(lab: Lab) -> None:
    """Let the learner's own command, such as a debrief, end first: the drill would fail in its way."""
    what = f"the end of what another command does in the lab '{lab.name}'"
    wait_until(lambda: holder(lab.name) is None, what=what, timeout=PATIENCE_S, interval=POLL_S)


def _rest(progress: Progress) -> None:
    while progress.next_at is not None and (left := progress.next_at - time.time()) > 0:
        pause(min(left, POLL_S))


def _required(lab: Lab) -> Progress:
    found = drills.load(lab)
    if found is None:
        raise LabStateError(
            "there is no drill", expected="one that has begun", todo=f"run `labctl drill run first-hour{lab.option}`"
        )
    return found


def _plan(progress: Progress) -> Plan:
    return drill_plans.parsed(progress.text, progress.name)


def _answer(lab: Lab, progress: Progress) -> Drill:
    plan, current = _plan(progress), drills.begun(lab, progress)
    now_open = current if current and current.status is Status.OPEN else None
    steps = []
    for number, planned in enumerate(plan.incidents, start=1):
        if number <= len(progress.played):
            over = progress.played[number - 1]
            steps.append(Step(number, planned.what, over.status, over.incident, over.clock_s))
        elif number == len(progress.played) + 1 and current:
            clock = round(current.clock_s(current.now()), 1)
            steps.append(Step(number, planned.what, str(current.status), current.id, clock))
        else:
            steps.append(Step(number, planned.what, "to-come", None, None))
    resting = progress.next_at is not None and progress.after is None and progress.next_at > time.time()
    done = len(progress.played) >= len(plan.incidents)
    state = "done" if done else "open" if now_open else "rest" if resting else "to-begin"
    return Drill(
        drill=progress.name,
        title=plan.title,
        state=state,
        steps=tuple(steps),
        incident=state_of(lab, now_open) if now_open else None,
        next_at=moment(progress.next_at) if resting and progress.next_at else None,
    )
