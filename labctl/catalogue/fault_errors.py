"""Why a fault's file does not load, told by file and line. Knows no catalogue: that may be what does not load."""

from __future__ import annotations

import re
import sys
import traceback
from enum import EnumType
from pathlib import Path
from types import ModuleType

from labctl.base.errors import CatalogueError, NotFoundError

MEND = "mend the file, then give the command again"
END = "end the file with FAULT = Fault(…)"
_NOT_THERE = re.compile(r"cannot import name '(\w+)'")


class FaultFileError(CatalogueError):
    """A file that is no fault: `field` says where, or is the line at which Python gave up."""

    def __init__(self, path: Path, field: str, problem: str, *, todo: str = "") -> None:
        super().__init__(f"{path}: {field}: {problem}", expected="a fault", todo=todo)
        self.path = path
        self.field = field
        self.problem = problem


def broken(folder: Path, error: BaseException) -> FaultFileError | None:
    """Return what an error says of the files in `folder`: the last line there that had a part in it; None when none."""
    unmade = _without_fault(folder, error)
    if unmade:
        return FaultFileError(unmade, "FAULT", "is not there", todo=END)
    place = _syntax(error) if isinstance(error, SyntaxError) else None
    if place is None or not place[0].is_relative_to(folder):
        frames = ((Path(each.filename), each.lineno or 1) for each in traceback.extract_tb(error.__traceback__))
        place = next(reversed([each for each in frames if each[0].is_relative_to(folder)]), None)
    if place is None:
        return None
    path, line = place
    return FaultFileError(path, f"line {line}", _gone(folder, error) or said(error), todo=MEND)


def _syntax(error: SyntaxError) -> tuple[Path, int] | None:
    return (Path(error.filename), error.lineno or 1) if error.filename else None


def _without_fault(folder: Path, error: BaseException) -> Path | None:
    """Return the file whose FAULT somebody looked for in vain."""
    if not isinstance(error, AttributeError) or error.name != "FAULT" or not isinstance(error.obj, ModuleType):
        return None
    path = Path(error.obj.__file__ or "")
    return path if path.is_relative_to(folder) else None


def _gone(folder: Path, error: BaseException) -> str:
    """Return what is said of a file of the folder's package that is missing; empty for another error.

    What any other module lacks, it may define further down.
    """
    if not isinstance(error, ImportError) or Path(error.path or "") != folder / "__init__.py":
        return ""
    missing = _missing_name(error)
    return f"there is no {missing} to import: the file is gone, or its name is another one" if missing else ""


def _missing_name(error: ImportError) -> str | None:
    """Return what `from … import …` did not find. 3.11 says it only in a sentence, which later ones word anew."""
    if sys.version_info >= (3, 12):
        return error.name_from
    missing = _NOT_THERE.match(error.msg)
    return missing[1] if missing else None


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
