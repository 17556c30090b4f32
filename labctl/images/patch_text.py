"""Unified diffs as text: read strictly, anything unexpected is an error that names its line."""

from __future__ import annotations

import re
from dataclasses import dataclass

from labctl.base.errors import CatalogueError

NO_NEWLINE = "\\ No newline at end of file"
NOWHERE = "/dev/null"
_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@.*")


@dataclass(frozen=True)
class Hunk:
    """Lines with their first character (space, minus, plus), and where the old ones begin, counted from 1."""

    begin: int
    lines: tuple[str, ...]

    @property
    def old(self) -> list[str]:
        """The lines as they have to be before."""
        return [line[1:] for line in self.lines if line[0] != "+"]

    @property
    def new(self) -> list[str]:
        """The lines as they are after."""
        return [line[1:] for line in self.lines if line[0] != "-"]


@dataclass(frozen=True)
class FilePatch:
    """The change of one file; no `old` path makes it, no `new` path removes it."""

    old: str | None
    new: str | None
    hunks: tuple[Hunk, ...]


@dataclass(frozen=True)
class Patch:
    """What the text says before the first file, and the files."""

    preamble: str
    files: tuple[FilePatch, ...]


def parse(text: str, name: str) -> Patch:
    """Return the patch that `text` holds; `name` is for messages. Raises CatalogueError for anything unexpected."""
    reader = _Reader(text, name)
    preamble = reader.preamble()
    files: list[FilePatch] = []
    while not reader.done:
        files.append(reader.file())
    if not files:
        raise CatalogueError(f"{name}: no file is changed", expected="a unified diff: --- a/PATH, +++ b/PATH, @@ …")
    return Patch(preamble, tuple(files))


class _Reader:
    """Goes through the lines of a patch once; a hunk's own counts say where it ends."""

    def __init__(self, text: str, name: str) -> None:
        self._lines = text.removesuffix("\n").split("\n")
        self._name = name
        self._at = 0

    @property
    def done(self) -> bool:
        return self._at >= len(self._lines)

    def preamble(self) -> str:
        begin = self._at
        while not self.done and not (self._peek().startswith("--- ") and self._peek(1).startswith("+++ ")):
            self._at += 1
        return "\n".join(self._lines[begin : self._at])

    def file(self) -> FilePatch:
        old, new = self._path("--- "), self._path("+++ ")
        hunks: list[Hunk] = []
        while self._peek().startswith("@@"):
            hunks.append(self._hunk())
        if not hunks or old == new is None:
            raise self._unexpected("a hunk: @@ -1,3 +1,4 @@")
        return FilePatch(old, new, tuple(hunks))

    def _path(self, mark: str) -> str | None:
        if not self._peek().startswith(mark):
            raise self._unexpected(f"a file: {mark}PATH")
        path = self._peek()[len(mark) :].partition("\t")[0].rstrip()
        side, _, rest = path.partition("/")
        if path != NOWHERE and (side not in ("a", "b") or any(part in ("", ".", "..") for part in rest.split("/"))):
            raise self._unexpected("a path below a/ or b/")
        self._at += 1
        return None if path == NOWHERE else rest

    def _hunk(self) -> Hunk:
        header = _HUNK.fullmatch(self._peek())
        if not header:
            raise self._unexpected("a hunk: @@ -1,3 +1,4 @@")
        begin, old, new = int(header[1]), int(header[2] or 1), int(header[4] or 1)
        self._at += 1
        lines = self._body(old, new)
        # A hunk without old lines names the line that it follows.
        return Hunk(begin if old else begin + 1, tuple(lines))

    def _body(self, old: int, new: int) -> list[str]:
        lines: list[str] = []
        while old or new:
            # Editors strip the one space of an empty line of context.
            line = self._peek() or ("" if self.done else " ")
            kind = line[:1]
            old -= kind in (" ", "-")
            new -= kind in (" ", "+")
            if kind not in (" ", "-", "+") or old < 0 or new < 0:
                raise self._unexpected("as many lines as the hunk says, each after a space, - or +")
            lines.append(line + "\n")
            self._at += 1
            if self._peek() == NO_NEWLINE:
                lines[-1] = lines[-1].removesuffix("\n")
                self._at += 1
        return lines

    def _peek(self, ahead: int = 0) -> str:
        at = self._at + ahead
        return self._lines[at] if at < len(self._lines) else ""

    def _unexpected(self, expected: str) -> CatalogueError:
        return CatalogueError(f"{self._name}: line {self._at + 1}: {self._peek()!r}", expected=expected)
