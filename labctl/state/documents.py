"""Incidents and verifications of a lab, each one JSON document."""

from __future__ import annotations

import json
import sqlite3
import time
from dataclasses import dataclass
from typing import Any

from labctl.state.database import Database
from labctl.state.sealing import seal, unseal


@dataclass(frozen=True)
class Documents:
    """JSON documents by kind ("incident", "verification") and id. They are sealed: they may name a hidden fault."""

    database: Database

    def put(self, kind: str, key: str, body: dict[str, Any]) -> None:
        """Write a document, replacing an older one."""
        with self.database.writing() as connection:
            put_within(connection, kind, key, body)

    def get(self, kind: str, key: str) -> dict[str, Any] | None:
        """Return a document, or None where there is none."""
        with self.database.reading() as connection:
            return get_within(connection, kind, key)

    def all(self, kind: str) -> dict[str, dict[str, Any]]:
        """Return the documents of a kind by id, in the order of their ids."""
        with self.database.reading() as connection:
            rows = connection.execute("SELECT id, body FROM documents WHERE kind = ? ORDER BY id", (kind,)).fetchall()
        return {row["id"]: _body(row["body"]) for row in rows}

    def remove(self, kind: str, key: str) -> None:
        """Remove a document; harmless where there is none."""
        with self.database.writing() as connection:
            connection.execute("DELETE FROM documents WHERE kind = ? AND id = ?", (kind, key))

    def count(self, kind: str) -> int:
        """Return how many documents of a kind there are."""
        with self.database.reading() as connection:
            query = "SELECT count(*) FROM documents WHERE kind = ?"
            return int(connection.execute(query, (kind,)).fetchone()[0])


def get_within(connection: sqlite3.Connection, kind: str, key: str) -> dict[str, Any] | None:
    """Return a document, or None, within the caller's transaction."""
    row = connection.execute("SELECT body FROM documents WHERE kind = ? AND id = ?", (kind, key)).fetchone()
    return _body(row["body"]) if row else None


def put_within(connection: sqlite3.Connection, kind: str, key: str, body: dict[str, Any]) -> None:
    """Write a document within the caller's transaction."""
    connection.execute(
        "INSERT OR REPLACE INTO documents (kind, id, body, updated_at) VALUES (?, ?, ?, ?)",
        (kind, key, seal(json.dumps(body)), time.time()),
    )


def _body(sealed: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(unseal(sealed))
    return body
