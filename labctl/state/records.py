"""Documents that the journal vouches for: each time one is written, the journal gets its digest, in one transaction.

So a document that was changed, removed or replaced by an older copy shows, as a changed entry of the journal does.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from labctl.state import heads
from labctl.state.database import Database
from labctl.state.documents import Documents, put_within
from labctl.state.heads import Head
from labctl.state.journal import Entry, Journal, append_within, canonical

RECORD = "record"
"""The kind of the journal's entry; its payload: {"kind", "id", "digest"} of the document."""

DOUBT = "doubt"
"""The kind of the journal's entry that says what was found changed; its payload: {"what"}."""


@dataclass(frozen=True)
class Records:
    """The documents of one database that the journal vouches for."""

    database: Database

    def put(self, kind: str, key: str, body: dict[str, Any]) -> None:
        """Write a document and its digest, both or neither."""
        with self.database.writing() as connection:
            if changed := self._difference(kind, key):
                # Written down before the new digest would hide it.
                append_within(connection, DOUBT, {"what": changed})
            put_within(connection, kind, key, body)
            entry = append_within(connection, RECORD, {"kind": kind, "id": key, "digest": digest(body)})
            first = _hash_at(connection, 0) or entry.hash
            known = heads.recall(first)
            whole = known is None or _hash_at(connection, known.number) == known.hash
        if whole:  # else the head stays what it was, and goes on telling
            heads.remember(first, Head(entry.number, entry.hash))

    def doubts(self) -> list[str]:
        """Return what was changed behind labctl's back, a sentence each; empty when all is as labctl wrote it."""
        noted = [str(entry.payload["what"]) for entry in Journal(self.database).entries(kind=DOUBT)]
        return list(dict.fromkeys([*self._cut(), *noted, *self._changed()]))

    def _cut(self) -> Iterator[str]:
        damaged = Journal(self.database).verify()
        if damaged is not None:
            yield f"entry {damaged} of the journal was changed or removed"
        entries = Journal(self.database).entries()
        if not any(entry.kind == RECORD for entry in entries):
            return  # written by an older labctl, which kept no head
        head = heads.recall(entries[0].hash)
        if head is None:
            yield "what labctl keeps outside of its state folder, to notice an older copy, is gone"
        elif head.number >= len(entries) or entries[head.number].hash != head.hash:
            yield "the lab's state is an older copy that was put back"

    def _changed(self) -> Iterator[str]:
        found = (self._difference(*document) for document in self._last())
        yield from (each for each in found if each)

    def _difference(self, kind: str, key: str) -> str:
        """Return how a document differs from what was written last; empty when it does not, or never was written."""
        entry = self._last().get((kind, key))
        if entry is None:
            return ""
        try:
            body = Documents(self.database).get(kind, key)
        except ValueError:  # not sealed by labctl, or no JSON inside
            return f"the {kind} {key} was changed: it can't be read any more"
        if body is None:
            return f"the {kind} {key} was removed"
        return "" if digest(body) == entry.payload["digest"] else f"the {kind} {key} was changed"

    def _last(self) -> dict[tuple[str, str], Entry]:
        entries = Journal(self.database).entries(kind=RECORD)
        return {(str(entry.payload["kind"]), str(entry.payload["id"])): entry for entry in entries}


def digest(body: dict[str, Any]) -> str:
    """Return the digest of a document, however it is sealed."""
    return hashlib.sha256(canonical(body).encode()).hexdigest()


def _hash_at(connection: sqlite3.Connection, number: int) -> str | None:
    row = connection.execute("SELECT hash FROM journal WHERE number = ?", (number,)).fetchone()
    return str(row["hash"]) if row else None
