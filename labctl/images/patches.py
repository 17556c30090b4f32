"""Unified diffs: read strictly, applied exactly or not at all.

Plain Python, since nobody who installs the wheel needs git or patch, and since the maintained libraries either pass
over what they don't understand (unidiff) or guess (whatthepatch): a release would not be what its diff says. Anything
unexpected is an error that names its line. Every line of context must be in the file, unchanged. It may have moved, as
lines were added above it, as long as it fits in one place only.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from labctl.base.errors import CatalogueError

NO_NEWLINE = "\\ No newline at end of file"
NOWHERE = "/dev/null"
_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@.*")
Files = Mapping[str, str]
"""Text by path relative to the repository's root."""


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
    """The change of one file; `old` is None for a file that is added, `new` for one that is removed."""

    old: str | None
    new: str | None
    hunks: tuple[Hunk, ...]


@dataclass(frozen=True)
class Patch:
    """The text before the first file, and the changes of files."""

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


def apply(patch: Patch, files: Files, name: str) -> dict[str, str]:
    """Return `files` after the patch. Raises CatalogueError when one line of context is missing or ambiguous."""
    after = dict(files)
    for change in patch.files:
        where = f"{name}: {change.old or change.new}"
        before = _take(change, after, where)
        text = "".join(_changed(change, _lines(before), where))
        if change.new is not None:
            after[change.new] = text
        elif text:
            raise CatalogueError(f"{where} has more lines than the patch removes")
    return after


def diff(old: Files, new: Files) -> str:
    """Return the unified diff from `old` to `new`, file by file in order of path; empty when they are alike."""
    return "".join(_diff_file(path, old.get(path), new.get(path)) for path in sorted({*old, *new}))


def _take(change: FilePatch, files: dict[str, str], where: str) -> str:
    if change.new != change.old and change.new in files:
        raise CatalogueError(f"{where}: {change.new} is there already")
    if change.old is None:
        return ""
    if change.old not in files:
        raise CatalogueError(f"{where} is not there")
    return files.pop(change.old)


def _changed(change: FilePatch, before: list[str], where: str) -> list[str]:
    after: list[str] = []
    taken = 0
    for hunk in change.hunks:
        start = _place(hunk, before, taken)
        if start is None:
            raise CatalogueError(
                f"{where} is not as the patch expects it at line {hunk.begin}",
                expected=hunk.old[0].rstrip("\n") if hunk.old else "a line to add after",
                todo="make the patch again from the present source",
            )
        after += [*before[taken:start], *hunk.new]
        taken = start + len(hunk.old)
    return after + before[taken:]


def _place(hunk: Hunk, before: list[str], taken: int) -> int | None:
    """Return the index where the hunk's old lines begin: the one named, or the only one from `taken` on that fits."""
    old, said = hunk.old, hunk.begin - 1
    places = [at for at in range(taken, len(before) - len(old) + 1) if before[at : at + len(old)] == old]
    if said in places:
        return said
    return places[0] if old and len(places) == 1 else None


def _diff_file(path: str, old: str | None, new: str | None) -> str:
    names = (NOWHERE if old is None else f"a/{path}", NOWHERE if new is None else f"b/{path}")
    lines = difflib.unified_diff(_lines(old or ""), _lines(new or ""), *names)
    return "".join(line if line.endswith("\n") else f"{line}\n{NO_NEWLINE}\n" for line in lines)


def _lines(text: str) -> list[str]:
    """Split at new lines only: a form feed or U+2028 inside a line is a part of it, unlike in str.splitlines."""
    lines = [line + "\n" for line in text.split("\n")]
    lines[-1] = lines[-1].removesuffix("\n")
    return [line for line in lines if line]
