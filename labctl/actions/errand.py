"""Errands: what takes minutes, asked for by who can't wait for the answer, and done by a process of the lab's own.

The room asks for them. They are the actions of the commands: nothing is done here that a terminal could not do.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime

from labctl.actions import heal, incident
from labctl.actions.answer import moment
from labctl.actions.errand_steps import Steps
from labctl.base import bug_report, progress
from labctl.base.errors import LabctlError, LabStateError
from labctl.lab.lab import Lab
from labctl.model.incident import ACTIVE
from labctl.operate import background
from labctl.play import incidents
from labctl.state.errand import DONE, FAILED, ErrandRecord
from labctl.state.locking import holder

HEAL, BREAK = "heal", "break"


@dataclass(frozen=True)
class Asked:
    """What a new hidden incident should be like; empty for what the command takes by itself."""

    track: str = ""
    difficulty: int | None = None
    fog: str = ""
    limit: str = ""
    seed: int | None = None
    fault: str = ""
    """One that a plan names, and that nobody is told: as hidden as one that was drawn."""
    drill: str = ""


@dataclass(frozen=True)
class Errand:
    """An errand: heal or break; state is waiting, running, done or failed."""

    what: str
    state: str
    at: datetime
    ended_at: datetime | None
    steps: tuple[str, ...]
    """What was done, the last one what it is at."""
    problem: LabctlError | None
    """Why it failed."""

    @property
    def under_way(self) -> bool:
        """Whether it is not over."""
        return self.ended_at is None


@dataclass(frozen=True)
class Next:
    """What can be done with a lab now: its errand if there is one, and whether something is to heal, or to begin."""

    errand: Errand | None
    busy: str
    """Who holds the lab, where it is not the errand; empty where nobody does."""
    incident: str
    """The last incident; empty without one."""
    is_open: bool
    broken: bool
    """Whether the last incident is over, and the lab not healed."""

    @property
    def may_begin(self) -> bool:
        """Whether an incident can begin."""
        return not (self.is_open or self.broken or self.busy or (self.errand and self.errand.under_way))


def ask_heal(name: str) -> None:
    """Let the lab be healed in the background. Raises LabStateError while another errand is under way."""
    _ask(name, HEAL, {})


def ask_break(name: str, asked: Asked) -> None:
    """Let a hidden incident begin in the background. Raises InputError, LabStateError where there is one already."""
    lab = Lab.open(name)
    if asked.limit:
        incident.limit_of(asked.limit)
    if asked.fog:
        lab.fog_file.check(asked.fog)
    incidents.require_none(lab)
    _ask(name, BREAK, asdict(asked))


def present(name: str) -> Errand | None:
    """Return the last errand, if there was one; a process that was killed at it is started again."""
    lab = Lab.open(name)
    background.ensure(lab, background.ERRAND)
    record = lab.store.errand.read()
    return _told(record) if record else None


def following(name: str) -> Next:
    """Return what can be done with the lab now."""
    lab = Lab.open(name)
    errand, last = present(name), incidents.latest(lab)
    held = None if errand and errand.under_way else holder(name)
    is_open = last is not None and last.status in ACTIVE
    broken = last is not None and not is_open and incidents.still_broken(lab, last)
    return Next(errand, str(held) if held else "", last.id if last and last.page else "", is_open, broken)


def run(name: str) -> None:
    """Do the errand that is under way, if one is, and end: what the process of its own does."""
    with background.only_one(name, background.ERRAND) as alone:
        if not alone:
            return
        lab = Lab.open(name)
        record = lab.store.errand.take()
        if record:
            _do(lab, record)


def _ask(name: str, what: str, asked: dict[str, object]) -> None:
    lab = Lab.open(name)
    if not lab.store.errand.ask(what, asked):
        raise LabStateError(
            "something is under way already", expected="one at a time", todo="wait until it is over: it is shown below"
        )
    background.ensure(lab, background.ERRAND)


def _do(lab: Lab, record: ErrandRecord) -> None:
    steps = Steps(lab.store.errand, record)
    with _ending(steps), progress.listening(steps.hear):
        if record.what == HEAL:
            found = heal.heal(lab.name)
            if not found.healthy:
                raise LabStateError("the lab is healed, but not healthy", todo=f"`labctl up{lab.option}` starts anew")
        elif not _has_begun(lab, record):
            _break(lab.name, Asked(**record.asked))


@contextmanager
def _ending(steps: Steps) -> Iterator[None]:
    """Write down how it ended. A bug ends it, too: its report is on this host, and does not go to the room."""
    try:
        yield
    except LabctlError as error:
        problem = {"what": error.what, "expected": error.expected, "todo": error.todo}
        steps.end(FAILED, problem)
    except Exception as error:
        report = bug_report.write(error)
        todo = report.todo if "\n" not in report.todo else ""
        steps.end(FAILED, {"what": "this is a bug in labctl", "expected": "", "todo": todo})
        raise
    else:
        steps.end(DONE, {})


def _break(name: str, asked: Asked) -> None:
    choice = incident.Choice(asked.track or None, asked.difficulty, asked.seed)
    limit_s = incident.limit_of(asked.limit) if asked.limit else None
    fog, fault = asked.fog or None, asked.fault or None
    incident.start(name, fault, choice, limit_s=limit_s, fog=fog, drill=asked.drill, secretly=True)


def _has_begun(lab: Lab, record: ErrandRecord) -> bool:
    """Whether an earlier try was killed after the page had come."""
    last = incidents.latest(lab)
    return record.tries > 1 and last is not None and last.page is not None and last.page.at >= record.at


def _told(record: ErrandRecord) -> Errand:
    told = LabctlError(**record.problem) if record.problem else None
    ended = None if record.ended_at is None else moment(record.ended_at)
    return Errand(record.what, record.state, moment(record.at), ended, record.steps, told)
