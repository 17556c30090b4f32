"""The skeleton of a fault: its file, its test and its line in the catalogue, ready to be filled in.

It loads and holds together, and changes nothing. Every TODO(field) in it is what `labctl faults check` asks for.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from labctl.base.errors import CatalogueError, HostError, InputError
from labctl.base.files import write_text
from labctl.base.paths import checkout_root
from labctl.catalogue import fault_files, shipped
from labctl.catalogue.catalogue_list import with_fault
from labctl.catalogue.fault_names import file_name, is_id, module_name

MAX_ID = 60
_TEXTS = Path(__file__).parent / "skeletons"


def write_skeleton(fault_id: str, folder: Path | None = None) -> list[Path]:
    """Write the skeleton into a user's own folder, or the checkout; return the files. Overwrites nothing.

    Raises InputError for a name that no fault may have, CatalogueError when there is no place or the name is taken.
    """
    texts = _own(_checked(fault_id), folder) if folder else _shipped(_checked(fault_id))
    for path in texts:
        if os.path.lexists(path) and path.name != "__init__.py":
            raise CatalogueError(
                f"{path} is there already",
                expected="a name that is free",
                todo="choose another name, or remove the file",
            )
    _write(texts)
    return list(texts)


def _write(texts: Mapping[Path, str]) -> None:
    """Write all files or none: half a skeleton would keep the next try from writing."""
    begun: list[Path] = []
    try:
        for path, text in texts.items():
            _make_folder(path.parent)
            if not path.exists():
                begun.append(path)
            write_text(path, text)
    except BaseException:
        for path in begun:
            path.unlink(missing_ok=True)
        raise


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise HostError(
            f"cannot write into {path}: {error.strerror or error}",
            expected="a folder that is yours to write to",
            todo="mend its permissions, or choose another one with --catalogue",
        ) from error


def fault_text(fault_id: str) -> str:
    """Return the skeleton of a fault's file."""
    return _filled("fault", fault_id)


def _own(fault_id: str, folder: Path) -> dict[Path, str]:
    own = fault_files.own_folder(folder)
    name = file_name(fault_id)
    return {own / name: fault_text(fault_id), own / "tests" / f"test_{name}": _filled("own_test", fault_id)}


def _shipped(fault_id: str) -> dict[Path, str]:
    root = checkout_root()
    if root is None:
        raise CatalogueError(
            "this labctl was installed without its sources, so no fault can be added to its own catalogue",
            expected="a folder for faults of your own",
            todo=f"labctl faults new {fault_id} --catalogue DIR",
        )
    name, listed = file_name(fault_id), root / "faults" / "__init__.py"
    return {
        root / "faults" / name: fault_text(fault_id),
        root / "tests" / "unit" / "faults" / f"test_{name}": _filled("test", fault_id),
        listed: with_fault(listed.read_text("utf-8"), fault_id),
    }


def _checked(fault_id: str) -> str:
    if not is_id(fault_id) or len(fault_id) > MAX_ID:
        raise InputError(
            f"'{fault_id}' is no name for a fault",
            expected=f"at least two lower-case words with dashes, {MAX_ID} characters at most: where, and what happens",
            todo="for example: labctl faults new risk-cache-too-small",
        )
    if fault_id in shipped.ids():
        raise CatalogueError(f"there is a fault named '{fault_id}'", expected="a name that is free")
    return fault_id


def _filled(template: str, fault_id: str) -> str:
    text = (_TEXTS / f"{template}.txt").read_text("utf-8")
    return text.replace("NAME", fault_id).replace("MODULE", module_name(fault_id))
