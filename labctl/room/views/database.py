"""Database: a console for statements that read, plans as trees, sessions and locks as they are now, tables."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request

from labctl.actions import explain, lookups, schema, sessions
from labctl.actions import sql as action
from labctl.actions.sql import Rows
from labctl.base.errors import InputError, LabctlError
from labctl.room.problems import Part, part
from labctl.room.site import here
from labctl.room.view import View, kept_fresh, looked, page
from labctl.room.views import cells
from labctl.room.views.statements import EXAMPLES, LIMITS, MOST_CHARACTERS

PLAN, MEASURED = "plan", "measured"
HISTORY = 20
REFRESH_S = 2


def add(room: Blueprint) -> None:
    """Add the routes."""

    @room.get("/database", endpoint="database")
    def show() -> Response:
        what = request.args.get("show", "")
        if what == "sessions":
            return _sessions()
        return _tables() if what == "tables" else _console()

    @room.get("/database/names", endpoint="database_names")
    def names() -> Response:
        """Return the columns of each table, by the table's name: what the editor completes from."""
        found = schema.schema(here().lab)
        return jsonify(
            {_name(each): [{"label": one.name, "detail": one.type} for one in each.columns] for each in found}
        )


def _console() -> Response:
    statement, run = request.args.get("statement", "").strip(), request.args.get("run", "")
    limit = request.args.get("limit", LIMITS[0])
    lab = here().lab
    found: Part[Any] = looked(lambda: _answer(lab, statement, run, limit)) if statement else Part(None)
    rows = found.value if isinstance(found.value, Rows) else None
    drawn = explain.plan_in(rows) if rows else found.value
    return page(
        "database.html",
        found.status,
        statement=statement,
        longest=MOST_CHARACTERS,
        limit=limit,
        limits=LIMITS,
        problem=found.problem,
        position=_position(found.problem),
        plan=drawn,
        rows=rows if rows and not drawn else None,
        table=cells.table(rows.rows) if rows else None,
        is_number=cells.is_number,
        history=_history(lab),
        examples=EXAMPLES,
    )


def _answer(lab: str, statement: str, run: str, limit: str) -> object:
    """Return the rows of a statement, or its plan."""
    if len(statement) > MOST_CHARACTERS:
        raise InputError(
            f"the statement has {len(statement):,} characters",
            expected=f"at most {MOST_CHARACTERS:,}: it is kept in this page's address",
            todo="run it by `labctl sql`",
        )
    if run in (PLAN, MEASURED):
        return explain.explain(lab, statement, measured=run == MEASURED)
    if limit not in LIMITS:
        raise InputError(f"'{limit}' is no number of rows", expected=", ".join(LIMITS))
    return action.sql(lab, statement, int(limit))[0]


def _position(problem: LabctlError | None) -> int | None:
    return getattr(problem, "position", None)


def _history(lab: str) -> list[str]:
    """Return the statements of this incident, the last one first, each once."""
    found = part(lambda: lookups.lookups(lab))
    asked = [each.asked for each in found.value.lookups if each.command == "sql"] if found.value else []
    return list(dict.fromkeys(each for each in reversed(asked) if each))[:HISTORY]


def _sessions() -> Response:
    lab = here().lab
    found: Part[Any] = looked(lambda: sessions.sessions(lab))
    status = 200 if kept_fresh() else found.status
    return page("database_sessions.html", status, found=found.value, problem=found.problem, every_s=REFRESH_S)


def _tables() -> Response:
    lab = here().lab
    found = part(lambda: schema.schema(lab))
    own = [each for each in found.value or () if not each.is_system]
    return page("database_tables.html", found.status, tables=own, problem=found.problem, name=_name)


def _name(table: schema.Table) -> str:
    """Return how a statement names a table: with its schema, where nobody looks there without."""
    return table.name if table.schema in ("public", "pg_catalog") else f"{table.schema}.{table.name}"


VIEW = View("database", "Database", "q", add)
