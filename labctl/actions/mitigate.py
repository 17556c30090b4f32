"""Mitigation: steps by which whoever is on call helps the users, and their undo."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from labctl.actions.answer import Answer
from labctl.actions.elsewhere import reachable
from labctl.base import progress
from labctl.base.errors import InputError, LabctlError
from labctl.base.text import checked
from labctl.health import paging
from labctl.lab.lab import Lab
from labctl.model.mitigation import VERBS, Configure, Scale, Step, Verb
from labctl.operate import guard, hands
from labctl.play import incidents, mitigations
from labctl.state.locking import locked


@dataclass(frozen=True)
class KnownFlag:
    """A feature flag, its variants, and the one in force."""

    flag: str
    variants: tuple[str, ...]
    variant: str
    description: str


@dataclass(frozen=True)
class Catalogue(Answer):
    """Every step that there is, whatever is broken, and what it can be applied to."""

    schema: ClassVar[str] = "labctl.mitigations/1"
    steps: tuple[Verb, ...]
    services: tuple[str, ...]
    flags: tuple[KnownFlag, ...]
    """The flags of the lab; none where there is no lab."""


@dataclass(frozen=True)
class Taken(Answer):
    """A step that was taken, or undone."""

    schema: ClassVar[str] = "labctl.mitigation/1"
    number: int
    """Counts the lab's steps; `labctl mitigate undo` takes it."""
    step: str
    seconds: float
    incident: str | None
    """The incident that was open then."""
    undo: str | None
    """The command that takes it back; null where nothing can."""
    pages: tuple[str, ...]
    """The alerts that page right after it."""


@reachable
def catalogue(name: str) -> Catalogue:
    """Return the catalogue, which betrays nothing: it fits any incident."""
    lab = Lab(name)
    flags = lab.flag_file.flags().values() if lab.store.exists else ()
    known = tuple(KnownFlag(each.name, each.variants, each.variant, each.description) for each in flags)
    return Catalogue(VERBS, tuple(hands.ours()), known)


def take(name: str, step: Step) -> Taken:
    """Take a step in a running lab. Raises LabStateError, InputError, NotFoundError, EngineError, WaitTimeoutError."""
    for word in step.arguments:
        checked(word, "the step")
    return _changed(name, str(step), lambda lab: mitigations.take(lab, step))


@reachable
def undo(name: str, number: int) -> Taken:
    """Undo a step by its number. Raises LabStateError when it can't be, NotFoundError with the nearest number."""
    return _changed(name, f"undo {number}", lambda lab: mitigations.take_back(lab, number))


def scaled(service: str, text: str) -> Scale:
    """Return the step that "SERVICE WHAT=AMOUNT" means. Raises InputError."""
    what, _, amount = text.partition("=")
    try:
        return Scale(service, what, float(amount))
    except ValueError:
        raise InputError(f"'{text}' is no amount of anything", expected="such as cpu=1 or pool=8") from None


def configured(service: str, text: str) -> Configure:
    """Return the step that "SERVICE KEY=VALUE" means. Raises InputError."""
    key, given, value = text.partition("=")
    if not (key and given):
        raise InputError(f"'{text}' is no setting", expected="KEY=VALUE, such as DB_POOL_MAX=8")
    if "\n" in value or "\r" in value:
        raise InputError("the value has several lines", expected="one line")
    return Configure(service, key, value)


def _changed(name: str, what: str, change: Callable[[Lab], mitigations.Taken]) -> Taken:
    lab = Lab.open(name)
    with locked(lab.name, guard.MITIGATE):
        guard.recover(lab)
        incidents.reconcile(lab)
        with guard.operating(lab, guard.MITIGATE, {"after": lab.store.undo_log.last}), progress.step(what):
            began = time.monotonic()
            made = change(lab)
            took = time.monotonic() - began
    undone = made.undone_at is not None
    undoable = bool(made.entries) and not undone
    return Taken(
        made.number,
        f"undo {made.what}" if undone else made.what,
        round(took, 1),
        made.incident,
        f"labctl mitigate undo {made.number}" if undoable else None,
        _pages(lab),
    )


def _pages(lab: Lab) -> tuple[str, ...]:
    try:
        return tuple(sorted({each.name for each in paging.firing(lab.metrics)}))
    except LabctlError as error:
        progress.warn(f"what pages now is unknown: {error.what}")
        return ()
