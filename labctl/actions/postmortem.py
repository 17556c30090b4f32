"""The postmortem: a draft with the facts filled in, and the check of a finished one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from labctl.actions import debrief
from labctl.actions.answer import Answer
from labctl.actions.elsewhere import reachable
from labctl.base.errors import HostError, InputError
from labctl.base.files import write_text
from labctl.play import postmortem_check, postmortem_kept
from labctl.play.postmortem_check import Problem

MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class Postmortem(Answer):
    """A postmortem, and the file that it was written to."""

    schema: ClassVar[str] = "labctl.postmortem/1"
    incident: str
    file: Path
    text: str


@dataclass(frozen=True)
class PostmortemCheck(Answer):
    """What a finished postmortem lacks: nothing, when it is complete."""

    schema: ClassVar[str] = "labctl.postmortem-check/1"
    file: Path
    complete: bool
    action_items: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class PostmortemText(Answer):
    """A postmortem, as Markdown."""

    schema: ClassVar[str] = "labctl.postmortem-text/1"
    incident: str
    text: str


@reachable
def text(name: str, *, draft: bool = False, folder: Path | None = None) -> PostmortemText:
    """Return the postmortem of the last incident: what was written in the room, or else, or if wanted, the draft.

    Raises LabStateError before the incident's end, NotFoundError.
    """
    found, story = debrief.told(name, folder=folder)
    kept = None if draft else postmortem_kept.load(found.database, story.incident.id)
    return PostmortemText(story.incident.id, (kept.written if kept else found.postmortem(story)).text)


def write(name: str, file: Path, *, folder: Path | None = None, replace: bool = False) -> Postmortem:
    """Write the postmortem of the last incident to a file: what was written in the room, or else the draft.

    Raises InputError when the file is there and not to be replaced, LabStateError before the incident's end,
    NotFoundError, HostError.
    """
    if file.exists() and not replace:
        raise InputError(
            f"{file} is there already",
            expected="a new file: what somebody has written is not replaced by a draft",
            todo=f"name another file, or check this one: labctl postmortem --check {file}",
        )
    written = text(name, folder=folder)
    write_text(file, written.text)
    return Postmortem(written.incident, file, written.text)


def check(file: Path) -> PostmortemCheck:
    """Return what a finished postmortem lacks. Raises InputError for a file that is no text, HostError."""
    found = postmortem_check.check(_text(file))
    return PostmortemCheck(file, not found.problems, found.action_items, found.problems)


def _text(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            raw = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise HostError(
            f"cannot read {file}: {error.strerror or error}",
            expected="a postmortem in Markdown",
            todo="`labctl postmortem` writes a draft",
        ) from error
    if len(raw) > MOST_BYTES:
        raise InputError(f"{file} is too long for a postmortem", expected="at most a megabyte of Markdown")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{file} is not text in UTF-8", expected="a postmortem in Markdown") from error
