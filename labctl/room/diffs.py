"""A unified diff, line by line, for the eye: what each line is, and its numbers before and after."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_FILE = ("--- ", "+++ ", "diff ", "index ", "similarity ", "rename ", "new file", "deleted file")


@dataclass(frozen=True)
class DiffLine:
    """One line; `kind` is file, hunk, added, removed or same. A number is empty where the line is not."""

    kind: str
    text: str
    old: str = ""
    new: str = ""


def lines_of(diff: str) -> list[DiffLine]:
    """Return the lines of a diff; those before its first hunk are about the file."""
    return list(_lines(diff.splitlines()))


def _lines(lines: list[str]) -> Iterator[DiffLine]:
    old = new = 0
    old_left = new_left = 0
    for line in lines:
        hunk = _HUNK.match(line)
        if line.startswith("\\"):  # that a file does not end with a new line
            yield DiffLine("file", line)
        elif old_left <= 0 and new_left <= 0 and hunk:
            old, new = int(hunk[1]), int(hunk[3])
            old_left, new_left = int(hunk[2] or 1), int(hunk[4] or 1)
            yield DiffLine("hunk", line)
        elif old_left <= 0 and new_left <= 0:  # only a hunk's own counts say where it ends
            yield DiffLine("file" if line.startswith(_FILE) else "same", line)
        elif line.startswith("+"):
            yield DiffLine("added", line[1:], new=str(new))
            new, new_left = new + 1, new_left - 1
        elif line.startswith("-"):
            yield DiffLine("removed", line[1:], old=str(old))
            old, old_left = old + 1, old_left - 1
        else:
            yield DiffLine("same", line[1:], str(old), str(new))
            old, new, old_left, new_left = old + 1, new + 1, old_left - 1, new_left - 1
