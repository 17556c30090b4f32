"""How the database would run a statement, or did: its plan as a tree."""

from __future__ import annotations

import re

from labctl.actions.sql import Rows, sql
from labctl.base.errors import LookupFailedError
from labctl.lookups.plan import COLUMN, NoPlanError, Plan, parse

_OPTION = r"(?:ANALYZE|VERBOSE|COSTS|SETTINGS|GENERIC_PLAN|BUFFERS|SERIALIZE|WAL|TIMING|SUMMARY|MEMORY|FORMAT)\b"
_EXPLAIN = re.compile(rf"\s*EXPLAIN\b(?:\s*\(\s*{_OPTION}[^()]*\)|(?:\s+(?:ANALYZE|VERBOSE)\b)*)", re.IGNORECASE)
_PLANNED, _MEASURED = "EXPLAIN (FORMAT JSON) ", "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) "


def explain(name: str, statement: str, *, measured: bool) -> Plan:
    """Return a statement's plan; `measured` runs it, within the limits of every look, and says what it took.

    Raises LookupFailedError with the database's message, and its place in `statement`; InputError.
    """
    told = bare(statement)
    command = _MEASURED if measured else _PLANNED
    try:
        rows, _ = sql(name, command + told, limit=1)
    except LookupFailedError as error:
        if error.position is not None:
            error.position = max(1, error.position - len(command) + len(statement) - len(told))
        raise
    try:
        return parse(rows.rows[0][0] if rows.rows else None)
    except NoPlanError as error:
        raise LookupFailedError(str(error), expected="one SELECT", todo="run EXPLAIN without FORMAT JSON") from error


def bare(statement: str) -> str:
    """Return a statement without the EXPLAIN before it."""
    found = _EXPLAIN.match(statement)
    return statement[found.end() :].lstrip() if found else statement


def plan_in(rows: Rows) -> Plan | None:
    """Return the plan that an answer is, for somebody who typed EXPLAIN (FORMAT JSON) themselves; else None."""
    if [(each.name, each.type) for each in rows.columns] != [(COLUMN, "json")] or len(rows.rows) != 1:
        return None
    try:
        return parse(rows.rows[0][0])
    except NoPlanError:
        return None
