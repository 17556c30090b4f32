"""Replaying the undo log: every change of a lab is taken back, the newest first, whoever made it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from labctl.base.errors import LabStateError
from labctl.lab.lab import Lab
from labctl.state import reserve
from labctl.state.undo_log import Entry


def replay(lab: Lab) -> int:
    """Take back every change in the log and return their number; harmless when there are none.

    Raises LabctlError when one can't be taken back: the entries that are left stay in the log for the next try.
    """
    entries = lab.store.undo_log.entries()
    try:
        take_back(lab, entries, settle=True)
    finally:
        if entries:
            lab.store.touch()
    return len(entries)


def since(lab: Lab, number: int) -> list[Entry]:
    """Return the changes that were made after the one with this number, the newest first."""
    return [each for each in lab.store.undo_log.entries() if each.number > number]


def take_back(lab: Lab, entries: Sequence[Entry], *, settle: bool = False) -> None:
    """Take these changes back, which come newest first. Raises LabctlError as `replay` does.

    With `settle`, whatever their mechanisms started and is still at work in the lab is ended, other changes' too.
    """
    with reserve.mending():
        _take_back(lab, entries, settle=settle)


def _take_back(lab: Lab, entries: Sequence[Entry], *, settle: bool) -> None:
    mechanisms = lab.mechanisms
    unknown = sorted({entry.mechanism for entry in entries} - mechanisms.keys())
    if unknown:
        raise LabStateError(
            "the lab was changed in a way that this labctl does not know",
            todo="heal it with the labctl that changed it",
        )
    # First end what a killed command left at work: it could go on to change what is restored here.
    for name in dict.fromkeys(entry.mechanism for entry in entries if settle):
        mechanisms[name].settle()
    for name, group in groupby(entries, key=lambda entry: entry.mechanism):
        together = list(group)
        mechanisms[name].undo(together)
        lab.store.undo_log.remove(together)


def lost(lab: Lab) -> list[str]:
    """Return the mechanisms that have a change in force which a replaced or restarted container has lost."""
    active = {entry.mechanism for entry in lab.store.undo_log.entries()}
    return [name for name, mechanism in lab.mechanisms.items() if name in active and mechanism.lost()]


def reapply(lab: Lab) -> list[str]:
    """Make the lost changes again, and return their mechanisms. For a caller that holds the lab's lock."""
    again = lost(lab)
    for name in again:
        lab.mechanisms[name].reapply()
    return again
