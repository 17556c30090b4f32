"""Status updates, hypotheses and notes as people read them: in their own commands and in the debrief."""

from __future__ import annotations

from collections.abc import Iterable

from labctl.actions.logbook import Hypothesis, Note, StatusUpdate
from labctl.base.times import show_clock
from labctl.cli import console


def show_updates(updates: Iterable[StatusUpdate]) -> None:
    """Print the status updates that were due; what was late or missing stands out."""
    rows = ((show_clock(each.due_s), _given(each), each.text) for each in updates)
    console.table(("DUE AFTER THE PAGE", "GIVEN", "TEXT"), rows)


def show_notes(notes: Iterable[Note]) -> None:
    """Print notes with their times."""
    rows = ((each.number, show_clock(each.at_s), each.text) for each in notes)
    console.table(("", "AFTER THE PAGE", "NOTE"), rows)


def show_hypotheses(hypotheses: Iterable[Hypothesis]) -> None:
    """Print hypotheses, what became of them, and what was attached as evidence."""
    rows = ((each.number, show_clock(each.at_s), each.state, each.text, _pieces(each)) for each in hypotheses)
    console.table(("", "AFTER THE PAGE", "STATE", "HYPOTHESIS", "EVIDENCE"), rows)


def _given(update: StatusUpdate) -> str:
    if update.at_s is None:
        return "MISSING"
    return show_clock(update.at_s) + (f", {show_clock(update.late_s)} LATE" if update.late_s else "")


def _pieces(each: Hypothesis) -> str:
    return "; ".join(piece for step in each.steps for piece in step.evidence)
