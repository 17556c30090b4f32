"""The colleagues' changes that labctl comes with: the one place that loads them, each when it is first needed.

A file that does not load does no harm to the others; its error names the file and the line.
"""

from __future__ import annotations

import importlib
import sys
from contextlib import redirect_stdout
from functools import cache
from pathlib import Path
from types import ModuleType

from labctl.base.errors import CatalogueError, NotFoundError
from labctl.catalogue.fault_errors import MEND, error_in, one_line
from labctl.catalogue.fault_names import file_name
from labctl.model.colleague import ColleaguesChange

PACKAGE = Path(__file__).parents[2] / "colleagues"


class ChangeFileError(CatalogueError):
    """A file without a valid change of a colleague: `field` is the change's field, or the line where Python failed."""

    def __init__(self, path: Path, field: str, problem: str) -> None:
        super().__init__(f"{path}: {field}: {problem}", expected="a colleague's change", todo=MEND)
        self.path = path
        self.field = field


def ids() -> tuple[str, ...]:
    """Return the ids of all changes. Raises ChangeFileError when their list can't be read."""
    path = PACKAGE / "__init__.py"
    listed = getattr(_module(PACKAGE.name, path), "CHANGES", None)
    if not isinstance(listed, tuple) or not all(isinstance(each, str) for each in listed):
        raise ChangeFileError(path, "CHANGES", "is no tuple of ids")
    return listed


def load(change_id: str) -> ColleaguesChange:
    """Return one change, without loading another. Raises NotFoundError with the nearest, ChangeFileError."""
    if change_id not in ids():
        raise NotFoundError("colleague's change", change_id, ids())
    return _load(change_id)


def usable() -> tuple[tuple[ColleaguesChange, ...], tuple[ChangeFileError, ...]]:
    """Return the changes that load, and the errors of the others."""
    changes: list[ColleaguesChange] = []
    broken: list[ChangeFileError] = []
    for each in ids():
        try:
            changes.append(_load(each))
        except ChangeFileError as error:
            broken.append(error)
    return tuple(changes), tuple(broken)


@cache
def _load(change_id: str) -> ColleaguesChange:
    path = PACKAGE / file_name(change_id)
    if not path.is_file():
        raise ChangeFileError(path, "CHANGE", "is listed in colleagues/__init__.py, and there is no such file")
    change = getattr(_module(f"{PACKAGE.name}.{path.stem}", path), "CHANGE", None)
    if not isinstance(change, ColleaguesChange):
        raise ChangeFileError(path, "CHANGE", f"is no ColleaguesChange, but {type(change).__name__}")
    if change.id != change_id:
        raise ChangeFileError(path, "id", f"is '{change.id}', but the file is not named {file_name(str(change.id))}")
    return change


def _module(name: str, path: Path) -> ModuleType:
    try:
        with redirect_stdout(sys.stderr):  # standard output is for answers
            return importlib.import_module(name)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # anything that a file raises, a SystemExit too, is that file's error
        found = error_in(PACKAGE, error)
        field, problem = (found.field, found.problem) if found else ("line 1", one_line(error))
        raise ChangeFileError(found.path if found else path, field, problem) from error
