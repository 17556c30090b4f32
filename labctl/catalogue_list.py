"""The explicit list of the catalogue, `faults/__init__.py`, with one fault more. Pure: text in, text out."""

from __future__ import annotations

import ast

from labctl.errors import CatalogueError

_LIST = "FAULTS"
_PACKAGE = "faults"


def with_fault(source: str, module: str) -> str:
    """Return the list's source with a module imported and its FAULT added at the end. Raises CatalogueError."""
    names, faults, elements = _parts(ast.parse(source))
    imported = sorted({*(alias.name for alias in names.names), module})
    listed = [*(ast.unparse(each) for each in elements), f"{module}.FAULT"]
    head = f"{_LIST}: {ast.unparse(faults.annotation)} = ("
    lines = source.splitlines()
    # From the end, so that the first one stays where it is.
    lines[faults.lineno - 1 : faults.end_lineno] = [head, *(f"    {each}," for each in listed), ")"]
    lines[names.lineno - 1 : names.end_lineno] = _import(imported)
    return "\n".join(lines) + "\n"


def _import(names: list[str]) -> list[str]:
    short = f"from {_PACKAGE} import {', '.join(names)}"
    if len(short) <= 120 and len(names) < 3:
        return [short]
    return [f"from {_PACKAGE} import (", *(f"    {name}," for name in names), ")"]


def _parts(tree: ast.Module) -> tuple[ast.ImportFrom, ast.AnnAssign, list[ast.expr]]:
    names = next((each for each in tree.body if isinstance(each, ast.ImportFrom) and each.module == _PACKAGE), None)
    faults = next((each for each in tree.body if isinstance(each, ast.AnnAssign) and _LIST in ast.dump(each)), None)
    if names is None or faults is None or not isinstance(faults.value, ast.Tuple):
        raise CatalogueError(
            "faults/__init__.py is not a list that labctl can add to",
            expected=f"from {_PACKAGE} import …, and {_LIST}: tuple[Fault, ...] = (…)",
            todo="add the fault by hand",
        )
    return names, faults, faults.value.elts
