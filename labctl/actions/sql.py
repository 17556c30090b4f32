"""Querying the database, read-only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from labctl.actions.answer import Answer
from labctl.actions.elsewhere import asked, reachable
from labctl.actions.looking import look
from labctl.base.text import checked
from labctl.lab.lab import Lab
from labctl.lookups import database
from labctl.lookups.cells import Column, as_json, as_text


@dataclass(frozen=True)
class Rows(Answer):
    """The rows that a statement returns.

    Numbers, truth values, null and json documents become JSON's own; every other type stays the server's text. So does
    `numeric`, which would lose digits as a JSON number.
    """

    schema: ClassVar[str] = "labctl.sql/1"
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    truncated: bool
    """Whether there is more: rows beyond `--limit`, or what is too long; `notices` say what was too long."""
    seconds: float
    notices: tuple[str, ...]


@reachable
def rows(name: str, statement: str, limit: int = 100) -> Rows:
    """Run one statement as a role that can only read. Raises as `sql` does."""
    return sql(name, statement, limit)[0]


def sql(name: str, statement: str, limit: int = 100) -> tuple[Rows, database.Answer]:
    """Run one statement as a role that can only read; return its rows as JSON types, and the server's own answer.

    Raises LookupFailedError with the database's message, InputError.
    """
    if asked():
        told = rows(name, statement, limit)
        return told, _as_told(told)
    checked(statement, "the statement")
    lab = look(name, "sql", statement=statement)
    found = observer(lab).run(statement, limit)
    pairs = (zip(row, found.columns, strict=True) for row in found.rows)
    as_told = tuple(tuple(as_json(cell, column) for cell, column in row) for row in pairs)
    return Rows(found.columns, as_told, found.truncated, round(found.seconds, 6), tuple(found.notices)), found


def _as_told(found: Rows) -> database.Answer:
    """Return the server's answer as far as it can be told from its rows in JSON: documents are text again."""
    told = tuple(
        tuple(as_text(cell, column) for cell, column in zip(row, found.columns, strict=True)) for row in found.rows
    )
    return database.Answer(found.columns, told, found.truncated, found.seconds, found.notices)


def observer(lab: Lab) -> database.ObserverDatabase:
    """Return the lab's database as the role that can only read."""
    lab.require_awake()
    password = lab.addresses.password("OBSERVER_DB_PASSWORD")
    return database.ObserverDatabase(lab.record.ports.postgres, password, host=lab.addresses.host)
