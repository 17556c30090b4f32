"""Add a fault to the explicit list of the catalogue, `faults/__init__.py`. Pure: text in, text out."""

from __future__ import annotations

import ast

from labctl.base.errors import CatalogueError

LIST = "CATALOGUE"


def with_fault(source: str, fault_id: str) -> str:
    """Return the list's source with an id added at the end. Raises CatalogueError for a source without such a list.

    The rest of the source, comments too, stays as it is.
    """
    ids, end = _listed(source)
    lines = source.splitlines()
    # The closing parenthesis has a line of its own, and the last id a comma: that is how the file is formatted.
    lines.insert(end - 1, f'    "{fault_id}",')
    grown = "\n".join(lines) + "\n"
    try:
        if _listed(grown)[0] == [*ids, fault_id]:
            return grown
    except SyntaxError:
        pass
    raise _by_hand()


def _listed(source: str) -> tuple[list[str], int]:
    """Return the ids, and the line in which the list ends."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == LIST:
            if not isinstance(node.value, ast.Tuple) or node.end_lineno is None:
                break
            return [str(ast.literal_eval(each)) for each in node.value.elts], node.end_lineno
    raise _by_hand()


def _by_hand() -> CatalogueError:
    return CatalogueError(
        "faults/__init__.py is not a list that labctl can add to",
        expected=f"{LIST}: tuple[str, ...] = (…), an id a line, each with its comma",
        todo="add the fault by hand",
    )
