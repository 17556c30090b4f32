"""The database of a lab in trouble, as a room shows it: rows, a plan, sessions that wait, all made up."""

from __future__ import annotations

import json

from labctl.base.errors import LookupFailedError
from labctl.lookups.cells import Column
from labctl.lookups.database import Answer, ObserverDatabase
from tests.support.plans import MEASURED

_CLIENT = ("Client", "ClientRead")
_MOST = 72
SESSIONS: list[tuple[str | int | float | None, ...]] = [
    (
        *(11, "jobs", "jobs", "idle in transaction", *_CLIENT, 42.0, 41.0, 41.0, ""),
        *(None, "AccessExclusiveLock on payments", "ALTER <b>", _MOST),
    ),
    (
        *(12, "payments", "payments", "active", "Lock", "relation", 3.0, 2.5, 2.5, "11"),
        *("RowExclusiveLock on payments", None, "INSERT", _MOST),
    ),
    (13, "risk", "risk", "idle", *_CLIENT, None, 9.0, 9.0, "", None, None, "SELECT 1", _MOST),
]
NAMES = [("public", "payments", "id", "uuid"), ("public", "payments", "status", "text"), ("app", "t", "a", "text")]
NAMES += [("pg_catalog", "pg_stat_activity", "pid", "integer")]


def run(_server: ObserverDatabase, sql: str, limit: int) -> Answer:
    """Answer a statement by what is in it, as ObserverDatabase.run does."""
    return answer(sql, limit)


def answer(sql: str, limit: int) -> Answer:
    if "wrong" in sql:
        refused = LookupFailedError("ERROR: no such thing\nLINE 1: wrong\n        ^")
        refused.position = sql.index("wrong") + 1
        raise refused
    if sql.startswith("EXPLAIN"):
        return Answer((Column("QUERY PLAN", "json"),), ((json.dumps(MEASURED),),), False, 0.07)
    if "pg_stat_activity a" in sql:
        return Answer((), tuple(SESSIONS), False, 0.01)
    if "pg_attribute" in sql:
        return Answer((), tuple(NAMES), False, 0.01)
    columns = (Column("n", "int8"), Column("t", "text"), Column("u", "text"), Column("v", "text"))
    return Answer(columns, ((1, None, "", "<b>\nx"), (2, "y" * 500, "a", "b")), limit == 100, 0.0123, ("a notice",))
