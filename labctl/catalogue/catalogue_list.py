"""The explicit list of the catalogue, `faults/__init__.py`, with one fault more. Pure: text in, text out."""

from __future__ import annotations

import ast

from labctl.base.errors import CatalogueError

_LIST = "FAULTS"
_PACKAGE = "faults"


def with_fault(source: str, module: str) -> str:
    """Return the list's source with a module imported and its FAULT added at the end. Raises CatalogueError.

    What stands in lines of its own, comments among them, stays as it is.
    """
    names, faults, elements = _parts(ast.parse(source))
    lines = source.splitlines()
    # From the end, so that the first one stays where it is.
    _add_fault(lines, faults, elements, module)
    _add_import(lines, names, module)
    grown = "\n".join(lines) + "\n"
    listed = [*map(ast.unparse, elements), f"{module}.FAULT"]
    if not _lists(grown, listed):
        raise _by_hand()
    return grown


def _lists(source: str, listed: list[str]) -> bool:
    try:
        return [ast.unparse(each) for each in _parts(ast.parse(source))[2]] == listed
    except SyntaxError:
        return False


def _add_fault(lines: list[str], faults: ast.AnnAssign, elements: list[ast.expr], module: str) -> None:
    last = elements[-1] if elements else None
    if last and _is_stacked(lines, faults, [each.lineno for each in elements]):
        end = (faults.end_lineno or 0) - 1
        lines.insert(end, f"    {module}.FAULT,")
        _add_comma(lines, last)
        return
    listed = [*(ast.unparse(each) for each in elements), f"{module}.FAULT"]
    head = f"{_LIST}: {ast.unparse(faults.annotation)} = ("
    _replace(lines, faults, [head, *(f"    {each}," for each in listed), ")"])


def _add_import(lines: list[str], names: ast.ImportFrom, module: str) -> None:
    if any(alias.name == module for alias in names.names):
        return
    if _is_stacked(lines, names, [alias.lineno for alias in names.names]):
        before = [alias for alias in names.names if alias.name < module]
        lines.insert(before[-1].lineno if before else names.lineno, f"    {module},")
        if before and before[-1] is names.names[-1]:
            _add_comma(lines, before[-1])
    else:
        _replace(lines, names, _import(sorted({*(alias.name for alias in names.names), module})))


def _is_stacked(lines: list[str], node: ast.stmt, rows: list[int]) -> bool:
    """Whether each of its parts has a line of its own, and so has the parenthesis at the end."""
    closed = lines[(node.end_lineno or 0) - 1][: node.end_col_offset].strip() == ")"
    return closed and len({node.lineno, *rows, node.end_lineno}) == len(rows) + 2


def _add_comma(lines: list[str], last: ast.expr | ast.alias) -> None:
    row, column = (last.end_lineno or 0) - 1, last.end_col_offset or 0
    if not lines[row][column:].startswith(","):
        lines[row] = f"{lines[row][:column]},{lines[row][column:]}"


def _replace(lines: list[str], node: ast.stmt, new: list[str]) -> None:
    end = (node.end_lineno or 0) - 1
    new[-1] += lines[end][node.end_col_offset :]
    lines[node.lineno - 1 : end + 1] = new


def _import(names: list[str]) -> list[str]:
    short = f"from {_PACKAGE} import {', '.join(names)}"
    if len(short) <= 120 and len(names) < 3:
        return [short]
    return [f"from {_PACKAGE} import (", *(f"    {name}," for name in names), ")"]


def _parts(tree: ast.Module) -> tuple[ast.ImportFrom, ast.AnnAssign, list[ast.expr]]:
    names = next((each for each in tree.body if isinstance(each, ast.ImportFrom) and each.module == _PACKAGE), None)
    faults = next((each for each in tree.body if isinstance(each, ast.AnnAssign) and _LIST in ast.dump(each)), None)
    if names is None or faults is None or not isinstance(faults.value, ast.Tuple):
        raise _by_hand()
    return names, faults, faults.value.elts


def _by_hand() -> CatalogueError:
    return CatalogueError(
        "faults/__init__.py is not a list that labctl can add to",
        expected=f"from {_PACKAGE} import …, and {_LIST}: tuple[Fault, ...] = (…)",
        todo="add the fault by hand",
    )
