"""Faults in a user's own folder: every Python file in it is read as a module with a FAULT.

A file whose name begins with an underscore is no fault: it may hold code that several faults share. Reading a file runs
it, with the rights of the user who gave the command.
"""

from __future__ import annotations

import importlib.util
import stat
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path
from types import ModuleType

from labctl.base.errors import CatalogueError
from labctl.catalogue import shipped
from labctl.catalogue.fault_errors import END, MEND, FaultFileError, error_in, one_line
from labctl.catalogue.fault_names import file_name
from labctl.catalogue.fault_types import mistyped
from labctl.model.fault import Fault

_MODULES = "labctl_own_faults"


def own_folder(folder: Path) -> Path:
    """Return the absolute path of a user's own folder, there or not. Raises CatalogueError for an impossible path."""
    try:
        return folder.expanduser().resolve()
    except RuntimeError as error:
        raise _no_folder(folder, str(error)) from error


def fault_paths(folder: Path) -> list[Path]:
    """Return the files of a folder that should be faults, sorted. Raises CatalogueError when it can't be read."""
    return [path for path in _python(folder) if not path.name.startswith("_")]


def shared_paths(folder: Path) -> list[Path]:
    """Return the files that a folder's faults share, sorted. Raises CatalogueError when it can't be read."""
    return [path for path in _python(folder) if path.name.startswith("_")]


def _python(folder: Path) -> list[Path]:
    own = own_folder(folder)
    try:
        names = sorted(each.name for each in own.iterdir())
    except OSError as error:
        raise _no_folder(own, "" if isinstance(error, FileNotFoundError) else error.strerror) from error
    return [own / name for name in names if name.endswith(".py") and not name.startswith(".")]


def _no_folder(folder: Path, why: str | None) -> CatalogueError:
    return CatalogueError(
        f"{folder} cannot be read: {why}" if why else f"there is no folder {folder}",
        expected="a folder with faults of your own",
        todo="check --catalogue and LABCTL_CATALOGUE",
    )


def load_file(path: Path) -> Fault:
    """Return the fault in a file. Raises FaultFileError, with file and field, when there is no valid one."""
    fault = read_file(path)
    for field, problem in (*mistyped(fault), *misnamed(fault, path)):
        raise FaultFileError(path, field, problem)
    return replace(fault, folder=path.parent)


def read_file(path: Path) -> Fault:
    """Return the Fault in a file, whatever types its fields have. Raises FaultFileError when there is none."""
    fault = getattr(_run(path), "FAULT", None)
    if fault is None:
        raise FaultFileError(path, "FAULT", "is not there", todo=f"{END}, or begin its name with _")
    if not isinstance(fault, Fault):
        raise FaultFileError(path, "FAULT", f"is no Fault, but {type(fault).__name__}")
    return fault


def misplaced(fault: Fault, path: Path) -> Iterator[tuple[str, str]]:
    """Yield field and problem if a fault's id does not fit its file's name."""
    if path.name != file_name(str(fault.id)):
        yield "id", f"is '{fault.id}', but the file is not named {file_name(str(fault.id))}"


def misnamed(fault: Fault, path: Path) -> Iterator[tuple[str, str]]:
    """Yield field and problem if a fault's id does not fit its file's name, or is a shipped fault's."""
    yield from misplaced(fault, path)
    if fault.id in shipped.ids():
        yield "id", f"'{fault.id}' is the id of a fault that labctl comes with"


def source(path: Path) -> str:
    """Return the text of a fault's file. Raises FaultFileError for one that is not UTF-8, or can't be read."""
    try:
        if stat.S_ISFIFO(path.stat().st_mode):
            raise FaultFileError(path, "FAULT", "is no file")  # reading a pipe would wait for its writer
        data = path.read_bytes()
    except OSError as error:
        raise FaultFileError(path, "FAULT", f"cannot be read: {error.strerror}") from error
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FaultFileError(path, f"line {line}", "is not UTF-8", todo=MEND) from error


def _run(path: Path) -> ModuleType:
    source(path)
    if str(path.parent) not in sys.path:
        sys.path.append(str(path.parent))  # for the modules that its faults share; last, so that they hide no other
    name = f"{_MODULES}_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise FaultFileError(path, "FAULT", "is in a file that Python can't import")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        with redirect_stdout(sys.stderr):  # standard output is for answers
            spec.loader.exec_module(module)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # anything that a file raises, a SystemExit too, is that file's error
        del sys.modules[name]
        raise error_in(path.parent, error) or FaultFileError(path, "line 1", one_line(error), todo=MEND) from error
    return module
