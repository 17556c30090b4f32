"""Faults in a user's own folder: every Python file in it is one, and is read as a module with a FAULT.

A file whose name begins with an underscore is none: what several faults share may live there. Reading a file runs it,
with the rights of whoever typed the command.
"""

from __future__ import annotations

import importlib.util
import sys
import traceback
from dataclasses import replace
from pathlib import Path
from types import ModuleType

from faults import FAULTS
from labctl.errors import CatalogueError
from labctl.fault import Fault
from labctl.fault_types import mistyped

_MODULES = "labctl_own_faults"


class FaultFileError(CatalogueError):
    """A file that is no fault: `field` says where, or is the line at which Python gave up."""

    def __init__(self, path: Path, field: str, problem: str, *, todo: str = "") -> None:
        super().__init__(f"{path}: {field}: {problem}", expected="a fault", todo=todo)
        self.path = path
        self.field = field
        self.problem = problem


def load_folder(folder: Path) -> tuple[Fault, ...]:
    """Return the faults in a folder, by file name. Raises CatalogueError for the first file that is none."""
    return tuple(load_file(path) for path in fault_paths(folder))


def fault_paths(folder: Path) -> list[Path]:
    """Return the files of a folder that should be faults, sorted. Raises CatalogueError when there is no folder."""
    own = folder.expanduser().absolute()
    if not own.is_dir():
        raise CatalogueError(
            f"there is no folder {own}",
            expected="a folder with faults of your own",
            todo="check --catalogue and LABCTL_CATALOGUE",
        )
    return sorted(path for path in own.glob("*.py") if not path.name.startswith("_"))


def file_name(fault_id: str) -> str:
    """Return what the file of a fault is called."""
    return f"{fault_id.replace('-', '_')}.py"


def load_file(path: Path) -> Fault:
    """Return the fault in a file. Raises FaultFileError, which names the file and the field, when there is none."""
    fault = getattr(_run(path), "FAULT", None)
    if fault is None:
        raise FaultFileError(
            path, "FAULT", "is not there", todo="end the file with FAULT = Fault(…), or begin its name with _"
        )
    if not isinstance(fault, Fault):
        raise FaultFileError(path, "FAULT", f"is no Fault, but {type(fault).__name__}")
    for field, problem in mistyped(fault):
        raise FaultFileError(path, field, problem)
    if path.name != file_name(fault.id):
        raise FaultFileError(path, "id", f"is '{fault.id}', which belongs into {file_name(fault.id)}")
    if fault.id in {each.id for each in FAULTS}:
        raise FaultFileError(path, "id", f"'{fault.id}' is the id of a fault that labctl comes with")
    return replace(fault, folder=path.parent)


def _run(path: Path) -> ModuleType:
    if str(path.parent) not in sys.path:
        sys.path.append(str(path.parent))  # for what its faults share; last, so that it hides no other module
    name = f"{_MODULES}_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise FaultFileError(path, "FAULT", "is in no file that Python reads")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        raise FaultFileError(
            path, *_where(path, error), todo="mend the file; `labctl faults check` reads it"
        ) from error
    return module


def _where(path: Path, error: BaseException) -> tuple[str, str]:
    """Return the last line of the file that had a part in an error, and what the error says."""
    if isinstance(error, SyntaxError):
        return f"line {error.lineno}", f"{type(error).__name__}: {error.msg}"
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    return f"line {lines[-1] if lines else 1}", f"{type(error).__name__}: {error}"
