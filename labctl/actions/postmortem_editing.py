"""The postmortem as it is written together: what is kept of it in the lab, saved as one types, checked each time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from labctl.actions import debrief
from labctl.actions.answer import moment
from labctl.base.errors import InputError, LabStateError
from labctl.base.text import checked
from labctl.lab.lab import Lab
from labctl.model.incident import ENDED
from labctl.play import incidents, postmortem_check, postmortem_kept
from labctl.play.postmortem import WRITTEN, ActionItem, Postmortem
from labctl.play.postmortem_check import SECTIONS

__all__ = [
    "SECTIONS",
    "WRITTEN",
    "ActionItem",
    "ChangedMeanwhileError",
    "Editing",
    "Missing",
    "Postmortem",
    "begin_again",
    "of",
    "open_it",
    "save",
    "version",
]

MOST_CHARACTERS = 200_000


class ChangedMeanwhileError(LabStateError):
    """Somebody else has saved the postmortem since it was opened."""


@dataclass(frozen=True)
class Missing:
    """Something that a postmortem lacks, and the section where it should be; empty for the whole."""

    section: str
    what: str


@dataclass(frozen=True)
class Editing:
    """A postmortem that is being written; version 0 is the draft, which nobody has saved yet."""

    incident: str
    version: int
    saved_at: datetime | None
    title: str
    about: str
    sections: Mapping[str, str]
    """The text of each section but the last, in order."""
    items: tuple[ActionItem, ...]
    text: str
    """The whole in Markdown."""
    missing: tuple[Missing, ...]


def open_it(name: str) -> Editing:
    """Return what was saved last, or else the draft. Raises LabStateError before the incident's end, NotFoundError."""
    lab = Lab.open(name)
    incident = incidents.latest(lab)
    if incident is None or incident.status not in ENDED:
        raise LabStateError(
            f"the incident {incident.id} is not over" if incident else "there is no incident",
            expected="one that is solved, locked, given up or out of time",
        )
    kept = postmortem_kept.load(lab.store.database, incident.id)
    if kept:
        return _editing(incident.id, kept.version, kept.saved_at, kept.written)
    found, story = debrief.told_now(name)
    return _editing(story.incident.id, 0, None, found.postmortem(story))


def save(name: str, incident: str, known: int, written: Postmortem) -> Editing:
    """Save a postmortem that was opened as version `known`, and return it.

    Raises ChangedMeanwhileError, InputError for too much text, LabStateError for another incident than the last one.
    """
    lab = Lab.open(name)
    last = incidents.latest(lab)
    if last is None or last.id != incident or last.status not in ENDED:
        raise LabStateError(
            f"the postmortem of {incident} can't be changed here any more",
            expected="that of the last incident, after its end",
            todo="keep your text, and open the postmortem again",
        )
    whole = checked(written.text, "the postmortem")
    if len(whole) > MOST_CHARACTERS:
        raise InputError(f"{len(whole):,} characters are too many", expected=f"at most {MOST_CHARACTERS:,}")
    kept = postmortem_kept.save(lab.store.database, incident, known, written)
    if kept is None:
        raise ChangedMeanwhileError(
            "the postmortem was changed in another browser meanwhile",
            expected="the version that you have before you",
            todo="read the other text, or save yours over it",
        )
    return _editing(incident, kept.version, kept.saved_at, kept.written)


def begin_again(name: str) -> None:
    """Forget what was saved: the draft is what there is then. Raises LabStateError without an incident."""
    lab = Lab.open(name)
    last = incidents.latest(lab)
    if last is None:
        raise LabStateError("there is no incident", expected="one that is over")
    postmortem_kept.forget(lab.store.database, last.id)


def version(lab: Lab) -> int:
    """Return the version that was saved last of the last incident's postmortem; 0 where none was."""
    last = incidents.latest(lab)
    kept = postmortem_kept.load(lab.store.database, last.id) if last else None
    return kept.version if kept else 0


def of(title: str, about: str, texts: Sequence[str], items: Sequence[ActionItem]) -> Postmortem:
    """Return a postmortem of what somebody typed: lines end alike, rows without anything in them are left out."""
    sections = {name: _lines(text) for name, text in zip(WRITTEN, texts, strict=True)}
    kept = tuple(each for each in items if (each.action + each.owner + each.due).strip())
    return Postmortem(" ".join(title.split()), _lines(about), sections, kept)


def _editing(incident: str, version: int, saved_at: float | None, written: Postmortem) -> Editing:
    return Editing(
        incident,
        version,
        None if saved_at is None else moment(saved_at),
        written.title,
        written.about,
        written.sections,
        written.items,
        written.text,
        tuple(_missing(written.text)),
    )


def _missing(text: str) -> list[Missing]:
    """Return what the check of a finished postmortem finds, by section."""
    lines = text.split("\n")
    heads = [(number, line[3:]) for number, line in enumerate(lines, start=1) if line[3:] in SECTIONS]
    heads = [(number, name) for number, name in heads if lines[number - 1] == f"## {name}"]
    return [
        Missing(next((name for number, name in reversed(heads) if number <= each.line), ""), each.missing)
        for each in postmortem_check.check(text).problems
    ]


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
