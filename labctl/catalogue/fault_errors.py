"""Why a fault's file does not load, told by file and line."""

from __future__ import annotations

import traceback
from enum import EnumType
from pathlib import Path

from labctl.base.errors import CatalogueError, NotFoundError

MEND = "mend the file, then give the command again"
END = "end the file with FAULT = Fault(…)"


class FaultFileError(CatalogueError):
    """A file that is no fault: `field` says where, or is the line at which Python gave up."""

    def __init__(self, path: Path, field: str, problem: str, *, todo: str = "") -> None:
        super().__init__(f"{path}: {field}: {problem}", expected="a fault", todo=todo)
        self.path = path
        self.field = field
        self.problem = problem


def broken(folder: Path, error: BaseException) -> FaultFileError | None:
    """Return what an error says of the files in `folder`: the last line there that had a part in it; None when none."""
    place = _syntax(error) if isinstance(error, SyntaxError) else None
    if place is None or not place[0].is_relative_to(folder):
        frames = ((Path(each.filename), each.lineno or 1) for each in traceback.extract_tb(error.__traceback__))
        place = next(reversed([each for each in frames if each[0].is_relative_to(folder)]), None)
    if place is None:
        return None
    path, line = place
    return FaultFileError(path, f"line {line}", said(error), todo=MEND)


def _syntax(error: SyntaxError) -> tuple[Path, int] | None:
    return (Path(error.filename), error.lineno or 1) if error.filename else None


def said(error: BaseException) -> str:
    """Return an error in one line: its kind, and what it says if it can."""
    if isinstance(error, SyntaxError):
        return f"{type(error).__name__}: {error.msg}"
    if isinstance(error, AttributeError) and isinstance(error.obj, EnumType):
        unknown = NotFoundError(error.obj.__name__, str(error.name), error.obj.__members__)
        return f"{unknown.what}; {unknown.expected}"
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:  # the file's own kind of error, which can't say what it is
        return type(error).__name__
