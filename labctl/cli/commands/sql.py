"""`labctl sql`: query the database, read-only."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from labctl.actions import sql as action
from labctl.base.names import DEFAULT_NAME
from labctl.base.text import number_of, visible
from labctl.base.times import show_duration
from labctl.cli import console
from labctl.cli.options import JsonOption, LimitOption, NameOption
from labctl.lookups.cells import shown
from labctl.lookups.database import Answer

_NUMBERS = frozenset({"int2", "int4", "int8", "oid", "float4", "float8", "numeric"})
_GAP = 1


def sql(
    statement: Annotated[str, typer.Argument(metavar="SQL", help="One statement, such as 'SELECT …' or 'EXPLAIN …'.")],
    limit: LimitOption = 100,
    name: NameOption = DEFAULT_NAME,
    as_json: JsonOption = False,
) -> None:
    """Ask the database, as a role that can only read: tables, EXPLAIN ANALYZE, pg_stat_activity, pg_locks."""
    rows, answer = action.sql(name, statement, limit)
    console.emit(rows, lambda: _show(answer, limit), as_json=as_json)


def _show(answer: Answer, limit: int) -> None:
    if answer.columns:
        if _fits(answer):
            _show_table(answer)
        else:
            _show_records(answer)
    for notice in answer.notices:
        console.note(visible(notice))
    count = number_of(len(answer.rows), "row")
    more = ", the first ones; --limit for more" if answer.truncated and len(answer.rows) == limit else ""
    console.note(f"{count}{more} ({show_duration(answer.seconds)})")


def _show_table(answer: Answer) -> None:
    rights = [column.type in _NUMBERS for column in answer.columns]
    rows = ([_cell(shown(cell), right) for cell, right in zip(row, rights, strict=True)] for row in answer.rows)
    console.table([column.name for column in answer.columns], rows)


def _show_records(answer: Answer) -> None:
    """Print one record below the other, as psql does when expanded, since no line has room for all columns."""
    for number, row in enumerate(answer.rows, 1):
        named = zip(answer.columns, row, strict=True)
        console.facts({column.name: shown(cell) for column, cell in named}, title=f"record {number}")


def _fits(answer: Answer) -> bool:
    if len(answer.columns) == 1:
        return True
    texts = (
        [column.name, *(visible(shown(row[at])) for row in answer.rows)] for at, column in enumerate(answer.columns)
    )
    return sum(max(map(len, column)) + _GAP for column in texts) <= console.table_width()


def _cell(text: str, right: bool) -> Text:
    return Text(visible(text), justify="right" if right else "left")
