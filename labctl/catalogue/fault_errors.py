"""Why a fault's file does not load, by file and line."""

from __future__ import annotations

import traceback
from enum import EnumType
from pathlib import Path

from labctl.base.errors import CatalogueError, NotFoundError

MEND = "mend the file, then give the command again"
END = "end the file with FAULT = Fault(…)"


class FaultFileError(CatalogueError):
    """A file without a valid fault: `field` is the fault's field, or the line at which Python failed."""

    def __init__(self, path: Path, field: str, problem: str, *, todo: str = "") -> None:
        super().__init__(f"{path}: {field}: {problem}", expected="a fault", todo=todo)
        self.path = path
        self.field = field
        self.problem = problem


def error_in(folder: Path, error: BaseException) -> FaultFileError | None:
    """Return an error as one of a file in `folder`, at the last line there in its traceback; None if there is none."""
    place = _syntax(error) if isinstance(error, SyntaxError) else None
    if place is None or not place[0].is_relative_to(folder):
        frames = ((Path(each.filename), each.lineno or 1) for each in traceback.extract_tb(error.__traceback__))
        place = next(reversed([each for each in frames if each[0].is_relative_to(folder)]), None)
    if place is None:
        return None
    path, line = place
    return FaultFileError(path, f"line {line}", one_line(error), todo=MEND)


def _syntax(error: SyntaxError) -> tuple[Path, int] | None:
    return (Path(error.filename), error.lineno or 1) if error.filename else None


def one_line(error: BaseException) -> str:
    """Return an error in one line: its kind, and its message if it has one."""
    if isinstance(error, SyntaxError):
        return f"{type(error).__name__}: {error.msg}"
    if isinstance(error, AttributeError) and isinstance(error.obj, EnumType):
        unknown = NotFoundError(error.obj.__name__, str(error.name), error.obj.__members__)
        return f"{unknown.what}; {unknown.expected}"
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:  # the file's own kind of error, whose message can't be made
        return type(error).__name__
