"""The faults that labctl comes with: the one place that loads them, each when it is first needed.

A file that does not load does no harm to the others; its error names the file and the line.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import ModuleType

from labctl.base.errors import NotFoundError
from labctl.catalogue.fault_errors import END, MEND, FaultFileError, error_in, one_line
from labctl.catalogue.fault_names import file_name
from labctl.model.fault import Fault
from labctl.model.mitigation import Mitigation

PACKAGE = Path(__file__).parents[2] / "faults"


def ids() -> tuple[str, ...]:
    """Return the ids of all faults, in the catalogue's order. Raises FaultFileError when its list can't be read."""
    path = PACKAGE / "__init__.py"
    listed = getattr(_module(PACKAGE.name, path), "CATALOGUE", None)
    if not isinstance(listed, tuple) or not all(isinstance(each, str) for each in listed):
        raise FaultFileError(path, "CATALOGUE", "is no tuple of ids")
    return listed


def load(fault_id: str) -> Fault:
    """Return one fault, without loading another. Raises NotFoundError with the nearest, FaultFileError."""
    if fault_id not in ids():
        raise NotFoundError("fault", fault_id, ids(), secret=True)
    return _load(fault_id)


def load_all() -> tuple[Fault, ...]:
    """Return every fault, in the catalogue's order. Raises FaultFileError for the first one that does not load."""
    return tuple(map(_load, ids()))


def path_of(fault_id: str) -> Path:
    """Return the file of a fault, there or not."""
    return PACKAGE / file_name(fault_id)


@cache
def _load(fault_id: str) -> Fault:
    path = path_of(fault_id)
    if not path.is_file():
        raise FaultFileError(path, "FAULT", "is listed in faults/__init__.py, and there is no such file")
    fault = getattr(_module(f"{PACKAGE.name}.{path.stem}", path), "FAULT", None)
    if fault is None:
        raise FaultFileError(path, "FAULT", "is not there", todo=END)
    if not isinstance(fault, Fault):
        raise FaultFileError(path, "FAULT", f"is no Fault, but {type(fault).__name__}")
    if fault.id != fault_id:
        raise FaultFileError(path, "id", f"is '{fault.id}', but the file is not named {file_name(str(fault.id))}")
    return replace(fault, mitigations=_mitigations().get(fault_id, ()))


def _mitigations() -> Mapping[str, tuple[Mitigation, ...]]:
    path = PACKAGE / "mitigations.py"
    found: Mapping[str, tuple[Mitigation, ...]] = getattr(
        _module(f"{PACKAGE.name}.{path.stem}", path), "MITIGATIONS", {}
    )
    return found


def _module(name: str, path: Path) -> ModuleType:
    try:
        with redirect_stdout(sys.stderr):  # standard output is for answers
            return importlib.import_module(name)
    except KeyboardInterrupt:
        raise
    except FaultFileError:
        raise
    except BaseException as error:  # anything that a file raises, a SystemExit too, is that file's error
        raise error_in(PACKAGE, error) or FaultFileError(path, "line 1", one_line(error), todo=MEND) from error
