"""Why a fault's file does not load, told by file and line. Knows no catalogue: that may be what does not load."""

from __future__ import annotations

import difflib
import traceback
from enum import EnumType
from pathlib import Path

from labctl.errors import CatalogueError

MEND = "mend the file; `labctl faults check` reads it"


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
    return FaultFileError(path, f"line {line}", _said(error), todo=MEND)


def _syntax(error: SyntaxError) -> tuple[Path, int] | None:
    return (Path(error.filename), error.lineno or 1) if error.filename else None


def _said(error: BaseException) -> str:
    kind = getattr(error, "obj", None) if isinstance(error, AttributeError) else None
    if isinstance(error, SyntaxError):
        return f"{type(error).__name__}: {error.msg}"
    if isinstance(kind, EnumType) and isinstance(error, AttributeError):
        near = difflib.get_close_matches(str(error.name), list(kind.__members__), n=1, cutoff=0.4)
        return f"{kind.__name__} has no {error.name}" + (f"; did you mean {near[0]}?" if near else "")
    return f"{type(error).__name__}: {error}"
