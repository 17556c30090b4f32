"""The values of a database answer: numbers and booleans as such, everything else as the server's own text."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from psycopg import Connection
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.types import TypeInfo, TypesRegistry

Cell = str | int | float | bool | None

_NATIVE = frozenset({"bool", "int2", "int4", "int8", "oid", "float4", "float8"})
_DOCUMENTS = frozenset({"json", "jsonb"})
PLAN = "QUERY PLAN"
"""The column of EXPLAIN: a document that the server writes in several lines."""
MOST_LEVELS = 100
"""A document that is nested deeper stays text: programs that read JSON give up on such ones."""


@dataclass(frozen=True)
class Column:
    """A column's name and the server's name of its type, such as int8, numeric, timestamptz, text[]."""

    name: str
    type: str


class CutText(str):
    """The beginning of a value that is too long to show whole."""

    __slots__ = ()


class ServerText(Loader):
    """Keeps a value as the server wrote it; bytes that are no UTF-8 become U+FFFD rather than an error."""

    def load(self, data: Buffer) -> str:
        """Return the server's text."""
        return bytes(data).decode("utf-8", "replace")


def read_as_text(connection: Connection[Any]) -> None:
    """Make `connection` give the server's text for all types but plain numbers and booleans.

    Python's own types would lose what a learner wants to see: an infinite timestamp or an interval of months has none.
    """
    adapters = connection.adapters
    adapters.register_loader(0, ServerText)  # every type that psycopg does not know
    for known in adapters.types:
        if known.name not in _NATIVE:
            adapters.register_loader(known.oid, ServerText)
        if known.array_oid:
            adapters.register_loader(known.array_oid, ServerText)


def columns_of(types: TypesRegistry, described: Iterable[tuple[str, int]]) -> tuple[Column, ...]:
    """Return columns for names and type numbers; a type that only the server knows is named by its number."""
    return tuple(Column(name, _type_name(types.get(oid), oid)) for name, oid in described)


def _type_name(known: TypeInfo | None, oid: int) -> str:
    if known is None:
        return f"oid {oid}"
    return known.name if known.oid == oid else f"{known.name}[]"


def shown(cell: Cell) -> str:
    """Return a cell as psql shows it, but NULL as a word, unlike an empty text."""
    if cell is None:
        return "NULL"
    if isinstance(cell, bool):
        return "t" if cell else "f"
    return str(cell)


def as_json(cell: Cell, column: Column) -> object:
    """Return a cell as a JSON value: JSON documents parsed that are whole, NaN and infinities as the server's text."""
    if column.type in _DOCUMENTS and isinstance(cell, str) and not isinstance(cell, CutText):
        return _document(cell)
    if isinstance(cell, float) and not math.isfinite(cell):
        return "NaN" if math.isnan(cell) else "Infinity" if cell > 0 else "-Infinity"
    return cell


def as_text(value: Any, column: Column) -> Cell:  # noqa: ANN401 - any JSON value
    """Return a cell that `as_json` made: a document as text, as the server writes it."""
    if column.type in _DOCUMENTS and not isinstance(value, str | None):
        indent = 2 if column.name == PLAN else None
        return json.dumps(value, ensure_ascii=False, indent=indent)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def _document(text: str) -> object:
    try:
        found = json.loads(text)
    except RecursionError:
        return text
    level = [found]
    for _ in range(MOST_LEVELS):
        level = [below for each in level for below in _within(each)]
        if not level:
            return found
    return text


def _within(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
