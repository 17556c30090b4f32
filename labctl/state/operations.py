"""Markers of commands at work, written before they change anything: what a killed command left can be mended."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from dataclasses import dataclass
from typing import Any

from labctl.state.database import Database
from labctl.state.sealing import seal, unseal

DONE = "done"
FAILED = "failed"
MENDED = "mended"


@dataclass(frozen=True)
class Operation:
    """What a command does to a lab: `what` is the command's name, `started_at` in epoch seconds."""

    id: int
    what: str
    detail: dict[str, Any]
    pid: int
    started_at: float


@dataclass(frozen=True)
class OperationLog:
    """The operations of one lab. Details are sealed: they may name a hidden fault."""

    database: Database

    def begin(self, what: str, detail: dict[str, Any] | None = None) -> Operation:
        """Record that this process starts `what`."""
        started_at, pid = time.time(), os.getpid()
        with self.database.writing() as connection:
            cursor = connection.execute(
                "INSERT INTO operations (what, detail, pid, started_at) VALUES (?, ?, ?, ?)",
                (what, seal(json.dumps(detail or {})), pid, started_at),
            )
        return Operation(cursor.lastrowid or 0, what, detail or {}, pid, started_at)

    def end(self, operation: Operation, outcome: str = DONE) -> None:
        """Record how an operation ended; ending it twice keeps the first outcome."""
        with self.database.writing() as connection:
            connection.execute(
                "UPDATE operations SET ended_at = ?, outcome = ? WHERE id = ? AND ended_at IS NULL",
                (time.time(), outcome, operation.id),
            )

    def unfinished(self) -> list[Operation]:
        """Return the operations without an end, oldest first: running ones, or what is left of killed ones."""
        with self.database.reading() as connection:
            rows = connection.execute("SELECT * FROM operations WHERE ended_at IS NULL ORDER BY id").fetchall()
        return [_operation(row) for row in rows]


def _operation(row: sqlite3.Row) -> Operation:
    return Operation(row["id"], row["what"], json.loads(unseal(row["detail"])), row["pid"], row["started_at"])
