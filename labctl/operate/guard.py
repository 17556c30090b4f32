"""The guard of commands that change a lab: it takes the lock, heals what a killed command left, and sets a marker.

The marker is an operation in the lab's store: one that nobody ended belongs to a command that was killed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from labctl.base import progress
from labctl.base.errors import CancelledError, LabctlError
from labctl.base.times import local_time
from labctl.lab import undo
from labctl.lab.lab import Lab
from labctl.operate import injection, pausing, steps
from labctl.state.locking import locked
from labctl.state.operations import DONE, FAILED, MENDED, Operation

OPERATION = "operation"
"""The kind of the journal entry that a command writes when it ends; payload: {"what", "outcome"}."""
RESUMABLE = {"up": "run `labctl up` again: it goes on", "down": "run `labctl down` again: it goes on"}
"""What to do after an interrupted `up` or `down`; after any other interrupted command the lab is healed."""
MITIGATE = "mitigate"
"""An interrupted `mitigate` is taken back alone: what else was changed, and the incident, go on."""


@dataclass(frozen=True)
class Recovered:
    """How many commands were interrupted, and how many of their faults were healed; the lab may still be recovering."""

    interrupted: int = 0
    faults: int = 0


@contextmanager
def exclusive(lab: Lab, what: str, detail: dict[str, Any] | None = None) -> Iterator[Recovered]:
    """Lock the lab, resume it, heal what an interrupted command left, then mark `what` (the command) as running."""
    with locked(lab.name, what):
        pausing.wake(lab)
        recovered = recover(lab)
        with operating(lab, what, detail):
            yield recovered


@contextmanager
def operating(lab: Lab, what: str, detail: dict[str, Any] | None = None) -> Iterator[Operation]:
    """Mark `what` (a command's name) as running, for a caller that holds the lab.

    The marker stays when the process is killed, interrupted (Ctrl-C) or ends in a bug: the next command then heals.
    """
    operation = lab.store.operations.begin(what, detail)
    try:
        yield operation
    except LabctlError:
        _ended(lab, operation, FAILED)
        raise
    _ended(lab, operation, DONE)


@contextmanager
def cancellable(lab: Lab) -> Iterator[None]:
    """Turn Ctrl-C into CancelledError when the block has taken back whatever it had changed.

    Where something is still changed (a second Ctrl-C stopped the healing), the marker stays: the next command heals.
    """
    try:
        yield
    except KeyboardInterrupt as pressed:
        if injection.injected(lab) or steps.others(lab):
            raise
        raise CancelledError("nothing is broken any more; `labctl break` can be run again at once") from pressed


def recover(lab: Lab) -> Recovered:
    """Heal what interrupted commands may have injected, for a caller that holds the lab. Raises HealError."""
    steps.settle(lab)
    recovered = Recovered()
    for operation in interrupted(lab):
        if operation.what in RESUMABLE:
            progress.warn(f"{describe(operation)}; {RESUMABLE[operation.what]}")
            continue
        if operation.what == MITIGATE:
            with progress.step(f"{describe(operation)}; taking it back"):
                take_back(lab, operation)
                recovered = Recovered(recovered.interrupted + 1, recovered.faults)
                _ended(lab, operation, MENDED)
            continue
        with progress.step(f"{describe(operation)}; healing what it may have injected"):
            healed = recovered.faults + injection.heal(lab)
            recovered = Recovered(recovered.interrupted + 1, healed)
            _ended(lab, operation, MENDED)
    return recovered


def take_back(lab: Lab, operation: Operation) -> None:
    """Take back what an interrupted `mitigate` had changed. Raises LabctlError."""
    undo.take_back(lab, undo.since(lab, int(operation.detail["after"])))


def interrupted(lab: Lab) -> list[Operation]:
    """Return the operations of interrupted commands. Call it with the lab held: else a running command counts too."""
    return lab.store.operations.unfinished()


def describe(operation: Operation) -> str:
    """Say which command was interrupted."""
    at = local_time(operation.started_at)
    return f"'labctl {operation.what}' (process {operation.pid}, started {at}) was interrupted"


def explain(lab: Lab, operation: Operation) -> str:
    """Say which command was interrupted, and what to type."""
    if operation.what == MITIGATE:
        return f"{describe(operation)}: the next command that changes the lab takes back what it had done"
    todo = RESUMABLE.get(operation.what, f"run `labctl heal{lab.option}`: it undoes what that command may have changed")
    return f"{describe(operation)}: {todo}"


def _ended(lab: Lab, operation: Operation, outcome: str) -> None:
    try:
        lab.store.operations.end(operation, outcome)
        lab.store.journal.append(OPERATION, {"what": operation.what, "outcome": outcome})
    except LabctlError as error:
        # `down` removed the state, or the disk is full: this must not hide the outcome of the command itself.
        progress.warn(error.what)
