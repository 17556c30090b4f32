"""The heads of journals, kept outside of the state folder: how far each had come, and its last hash then.

A state folder that was put back from an older copy is whole in itself; only something outside of it can tell. An
account that may write both can change both: this shows a copy put back, and proves nothing against its owner.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from labctl.base import paths, progress
from labctl.base.errors import LabctlError
from labctl.base.private_files import write_private


@dataclass(frozen=True)
class Head:
    """The entry up to which a journal had come, and its hash."""

    number: int
    hash: str


def recall(first: str) -> Head | None:
    """Return the head of the journal whose first entry has this hash; None where none is kept, or it can't be read."""
    try:
        document = json.loads(_path(first).read_text(encoding="utf-8"))
        return Head(int(document["number"]), str(document["hash"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def remember(first: str, head: Head) -> None:
    """Keep a journal's head. Where the host refuses, the earlier one stays, which is still true, with a warning."""
    try:
        write_private(_path(first), json.dumps(asdict(head)))
    except LabctlError as error:
        progress.warn(f"a copy of this lab's state that is put back may go unnoticed: {error.what}")


def _path(first: str) -> Path:
    return paths.heads_dir() / f"{first[:32]}.json"
