"""Which faults a change touches: those whose files it changes, or all faults when it changes code that they share.

A release's patch belongs to the faults whose files name its service and its version; a patch that no fault names may
be a decoy for any of them, so it touches all. In a folder of a user's own faults inside the checkout, a fault's file or
test touches that fault, any other file all faults of the folder. Git knows nothing of a folder outside the checkout, so
all its faults count as touched.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from labctl.model.fault import Fault

GROUND = ("labctl/", "faults/", "compose/", "services/", "loadgen/", "requirements/", "pyproject.toml")
"""Paths of the code that every fault runs on, except for files that belong to some faults only."""
_LIST = "faults/__init__.py"
_FAULT = re.compile(r"faults/(?P<module>\w+)\.py|tests/unit/faults/test_(?P<tested>\w+)\.py")
_PATCH = re.compile(r"services/releases/(?P<service>[^/]+)/(?P<version>[^/]+)\.patch")


def touched(faults: Sequence[Fault], paths: Iterable[str], root: Path) -> list[Fault]:
    """Return the faults, in the catalogue's order, that a change of `paths` (relative to `root`) touches."""
    hit = {fault.id for path in paths for fault in _touched_by(path, faults, root)}
    hit |= {fault.id for fault in faults if fault.folder and not fault.folder.is_relative_to(root)}
    return [fault for fault in faults if fault.id in hit]


def _touched_by(path: str, faults: Sequence[Fault], root: Path) -> Sequence[Fault]:
    if path == _LIST or path.endswith(".md"):
        return ()  # a fault that is new in the list has a new file, too
    theirs = [fault for fault in faults if fault.folder and (root / path).is_relative_to(fault.folder)]
    if theirs:
        return [fault for fault in theirs if Path(path).stem in (_module(fault), f"test_{_module(fault)}")] or theirs
    own = [fault for fault in faults if _module_of(path) == _module(fault)]
    if own:
        return own
    patch = _PATCH.fullmatch(path)
    if patch:
        naming = [fault for fault in faults if set(patch.groups()) <= _words(fault, root)]
        return naming or faults
    return faults if path.startswith(GROUND) else ()


def _module_of(path: str) -> str | None:
    found = _FAULT.fullmatch(path)
    return (found["module"] or found["tested"]) if found else None


def _module(fault: Fault) -> str:
    return fault.id.replace("-", "_")


def _words(fault: Fault, root: Path) -> set[str]:
    """Return every string in the fault's file: services and versions are among them."""
    path = root / "faults" / f"{_module(fault)}.py"
    tree = ast.parse(path.read_text("utf-8")) if path.is_file() else ast.Module([], [])
    return {str(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant)}
