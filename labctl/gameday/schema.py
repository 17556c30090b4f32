"""The tables of a game day's file, and the steps from each earlier version to the next."""

from __future__ import annotations

from labctl.state.schema import Schema, Step

TABLES = (
    *("settings", "labs", "members", "codes", "sessions", "rounds", "incidents", "results"),
    *("messages", "answers", "audit"),
)
_MAKE = (
    "CREATE TABLE IF NOT EXISTS settings (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
    """CREATE TABLE IF NOT EXISTS labs (
    name TEXT PRIMARY KEY, team TEXT UNIQUE, port INTEGER NOT NULL, host TEXT NOT NULL,
    ready INTEGER NOT NULL DEFAULT 0)""",
    """CREATE TABLE IF NOT EXISTS members (
    id INTEGER PRIMARY KEY AUTOINCREMENT, team TEXT NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL, role TEXT,
    joined_at REAL NOT NULL, UNIQUE (team, folded))""",
    # A code is found by its hash; sealed, it can be printed again. An empty team is the instructor.
    """CREATE TABLE IF NOT EXISTS codes (
    team TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, sealed TEXT NOT NULL, made_at REAL NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT, member INTEGER REFERENCES members (id), kind TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE, began_at REAL NOT NULL, ends_at REAL NOT NULL, revoked_at REAL)""",
    "CREATE TABLE IF NOT EXISTS rounds (number INTEGER PRIMARY KEY, body TEXT NOT NULL, started_at REAL NOT NULL)",
    """CREATE TABLE IF NOT EXISTS incidents (
    id INTEGER PRIMARY KEY AUTOINCREMENT, round INTEGER NOT NULL, team TEXT NOT NULL, lab TEXT NOT NULL,
    state TEXT NOT NULL, incident TEXT NOT NULL DEFAULT '', asked_at REAL, paged_at REAL, ended_at REAL,
    problem TEXT NOT NULL DEFAULT '')""",
    """CREATE UNIQUE INDEX IF NOT EXISTS one_that_counts ON incidents (round, team) WHERE state != 'void'""",
    "CREATE TABLE IF NOT EXISTS results (incident INTEGER PRIMARY KEY REFERENCES incidents (id), body TEXT NOT NULL)",
    """CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, team TEXT, kind TEXT NOT NULL, author TEXT NOT NULL,
    text TEXT NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS answers (
    message INTEGER NOT NULL REFERENCES messages (id), team TEXT NOT NULL, author TEXT NOT NULL, text TEXT NOT NULL,
    at REAL NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, who TEXT NOT NULL, team TEXT NOT NULL,
    what TEXT NOT NULL, detail TEXT NOT NULL, address TEXT NOT NULL)""",
)
_STEPS: tuple[Step, ...] = (lambda _connection: None,)
"""Version 1 is the first that was written: nothing is to be changed in what came before it."""

GAMEDAY = Schema(
    TABLES,
    _MAKE,
    lambda: _STEPS,
    "use the newer labctl",
    "put back the copy that `labctl gameday export` wrote, or take the labs down by themselves: labctl down --all",
)
