"""Unified diffs, applied exactly or not at all.

Plain Python, since nobody who installs the wheel needs git or patch, and since the maintained libraries either only
parse (unidiff) or guess (whatthepatch). Every line of context has to be there as it is. It may have moved, as lines are
added above it, as long as there is only one place that it can mean.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from labctl.base.errors import CatalogueError
from labctl.images.patch_text import NO_NEWLINE, NOWHERE, FilePatch, Hunk, Patch

Files = Mapping[str, str]
"""Text by path relative to the repository's root."""


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
    """Return what turns `old` into `new` as a unified diff, file by file in order of path; empty when nothing does."""
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
    """Return the index where the hunk's old lines begin: where it says, or the only place there is after `taken`."""
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
