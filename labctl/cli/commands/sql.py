"""`labctl sql`: look into the database; nothing can be changed.

With --json: {"columns": [{"name", "type"}], "rows": [[value, …]], "truncated", "seconds", "notices"}. Numbers, truth
values, null and json documents are JSON's own; every other type is the server's text, numeric too: no digit is lost.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.text import Text

from labctl.base.names import DEFAULT_NAME
from labctl.base.text import checked, visible
from labctl.base.times import show_duration
from labctl.cli import console
from labctl.cli.options import JsonOption, LimitOption, NameOption
from labctl.lab.lab import Lab
from labctl.lookups.cells import as_json as json_cell
from labctl.lookups.cells import shown
from labctl.lookups.database import Answer, ObserverDatabase

_NUMBERS = frozenset({"int2", "int4", "int8", "oid", "float4", "float8", "numeric"})
_GAP = 1


def sql(
    statement: Annotated[str, typer.Argument(metavar="SQL", help="One statement, such as 'SELECT …' or 'EXPLAIN …'.")],
    limit: LimitOption = 100,
    name: NameOption = DEFAULT_NAME,
    as_json: JsonOption = False,
) -> None:
    """Ask the database, as a role that can only read: tables, EXPLAIN ANALYZE, pg_stat_activity, pg_locks."""
    checked(statement, "the statement")
    lab = Lab.open(name)
    lab.store.journal.looked_up("sql", statement=statement)
    password = lab.addresses.password("OBSERVER_DB_PASSWORD")
    answer = ObserverDatabase(lab.record.ports.postgres, password, host=lab.addresses.host).run(statement, limit)
    console.emit(_document(answer), lambda: _show(answer), as_json=as_json)


def _document(answer: Answer) -> dict[str, Any]:
    rows = [[json_cell(cell, column) for cell, column in zip(row, answer.columns, strict=True)] for row in answer.rows]
    return {
        "columns": [asdict(column) for column in answer.columns],
        "rows": rows,
        "truncated": answer.truncated,
        "seconds": round(answer.seconds, 6),
        "notices": answer.notices,
    }


def _show(answer: Answer) -> None:
    if answer.columns:
        if _fits(answer):
            _show_table(answer)
        else:
            _show_records(answer)
    for notice in answer.notices:
        console.note(visible(notice))
    count = f"{len(answer.rows)} {'row' if len(answer.rows) == 1 else 'rows'}"
    more = ", the first ones; --limit for more" if answer.truncated else ""
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
