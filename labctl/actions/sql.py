"""Looking into the database; nothing can be changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from labctl.actions.answer import Answer
from labctl.actions.looking import look
from labctl.base.text import checked
from labctl.lookups import database
from labctl.lookups.cells import Column, as_json


@dataclass(frozen=True)
class Rows(Answer):
    """What a statement gives.

    Numbers, truth values, null and json documents are JSON's own; every other type is the server's text, numeric too:
    no digit is lost.
    """

    schema: ClassVar[str] = "labctl.sql/1"
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    truncated: bool
    """Whether there are more rows than were asked for."""
    seconds: float
    notices: tuple[str, ...]


def sql(name: str, statement: str, limit: int = 100) -> tuple[Rows, database.Answer]:
    """Run one statement as a role that can only read; return it for machines, and with the server's own cells.

    Raises LookupFailedError with what the database says, InputError.
    """
    checked(statement, "the statement")
    lab = look(name, "sql", statement=statement)
    password = lab.addresses.password("OBSERVER_DB_PASSWORD")
    server = database.ObserverDatabase(lab.record.ports.postgres, password, host=lab.addresses.host)
    found = server.run(statement, limit)
    pairs = (zip(row, found.columns, strict=True) for row in found.rows)
    rows = tuple(tuple(as_json(cell, column) for cell, column in row) for row in pairs)
    return Rows(found.columns, rows, found.truncated, round(found.seconds, 6), tuple(found.notices)), found
