"""How a command that changes a lab goes about it: alone, after mending what a killed one left, with its marker set."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from labctl.base import progress
from labctl.base.errors import LabctlError
from labctl.base.times import local_time
from labctl.lab.lab import Lab
from labctl.operate import injection
from labctl.state.locking import locked
from labctl.state.operations import DONE, FAILED, MENDED, Operation

OPERATION = "operation"
"""The journal's kind for what commands did; payload: {"what", "outcome"}."""
RESUMABLE = {"up": "run `labctl up` again: it goes on", "down": "run `labctl down` again: it goes on"}
"""Commands that can simply be given again; whatever else was cut short is healed."""


@dataclass(frozen=True)
class Recovered:
    """What interrupted commands had left: of how many, and how many faults were healed. The lab has yet to recover."""

    interrupted: int = 0
    faults: int = 0


@contextmanager
def exclusive(lab: Lab, what: str, detail: dict[str, Any] | None = None) -> Iterator[Recovered]:
    """Hold the lab, mend what an interrupted command left, then mark `what` (the command's name) as going on."""
    with locked(lab.name, what):
        recovered = recover(lab)
        with operating(lab, what, detail):
            yield recovered


@contextmanager
def operating(lab: Lab, what: str, detail: dict[str, Any] | None = None) -> Iterator[Operation]:
    """Mark `what` as going on, for a caller that holds the lab.

    The marker outlives a process that is killed, interrupted (Ctrl-C) or ends in a bug: then the next command mends.
    """
    operation = lab.store.operations.begin(what, detail)
    try:
        yield operation
    except LabctlError:
        _ended(lab, operation, FAILED)
        raise
    _ended(lab, operation, DONE)


def recover(lab: Lab) -> Recovered:
    """Say what was interrupted and heal it, for a caller that holds the lab. Raises HealError when that fails."""
    recovered = Recovered()
    for operation in interrupted(lab):
        if operation.what in RESUMABLE:
            progress.warn(f"{describe(operation)}; {RESUMABLE[operation.what]}")
            continue
        with progress.step(f"{describe(operation)}; healing what it may have injected"):
            healed = recovered.faults + injection.heal(lab)
            recovered = Recovered(recovered.interrupted + 1, healed)
            _ended(lab, operation, MENDED)
    return recovered


def interrupted(lab: Lab) -> list[Operation]:
    """Return the operations that nobody will end any more; only true for a caller that holds the lab."""
    return lab.store.operations.unfinished()


def describe(operation: Operation) -> str:
    """Say which command was interrupted."""
    at = local_time(operation.started_at)
    return f"'labctl {operation.what}' (process {operation.pid}, started {at}) was interrupted"


def explain(operation: Operation) -> str:
    """Say which command was interrupted, and what to do where it can simply be given again."""
    todo = RESUMABLE.get(operation.what, "")
    return f"{describe(operation)}: {todo}" if todo else describe(operation)


def _ended(lab: Lab, operation: Operation, outcome: str) -> None:
    try:
        lab.store.operations.end(operation, outcome)
        lab.store.journal.append(OPERATION, {"what": operation.what, "outcome": outcome})
    except LabctlError as error:
        # `down` removed the state, or the disk is full: that must not hide what the command itself ended in.
        progress.warn(error.what)
