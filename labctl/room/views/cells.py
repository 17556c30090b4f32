"""A database's rows as a table has room for them: NULL apart from an empty text, long values short, few enough."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from labctl.base.text import clipped

MOST_CHARACTERS = 400_000
"""Of one table: rows beyond are left out, and counted."""
LONGEST = 4000
"""Characters of one value."""
SHORT = 160
_NUMBERS = frozenset({"int2", "int4", "int8", "oid", "float4", "float8", "numeric"})


@dataclass(frozen=True)
class Shown:
    """A value: NULL, an empty text, or a text, whose beginning is enough where it is long."""

    text: str
    is_null: bool = False
    begin: str = ""


@dataclass(frozen=True)
class Table:
    """The rows that are shown, and how many are left out since the table would get too long."""

    rows: tuple[tuple[Shown, ...], ...]
    left_out: int


def table(rows: Sequence[Sequence[Any]]) -> Table:
    """Return rows as a table shows them."""
    kept: list[tuple[Shown, ...]] = []
    size = 0
    for row in rows:
        cells = tuple(shown(value) for value in row)
        size += sum(len(each.text) + 1 for each in cells)
        if kept and size > MOST_CHARACTERS:
            break
        kept.append(cells)
    return Table(tuple(kept), len(rows) - len(kept))


def shown(value: object) -> Shown:
    """Return one value as a table shows it: truth values as psql does, documents as JSON."""
    if value is None:
        return Shown("NULL", is_null=True)
    if isinstance(value, bool):
        return Shown("t" if value else "f")
    text = value if isinstance(value, str | int | float) else json.dumps(value, ensure_ascii=False)
    whole = clipped(str(text), LONGEST)
    return Shown(whole, begin=whole[:SHORT] if len(whole) > SHORT else "")


def is_number(kind: str) -> bool:
    """Whether a column's values stand at the right, as numbers do."""
    return kind in _NUMBERS
