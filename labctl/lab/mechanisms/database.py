"""The database: migrations of its schema, imports of payments, sessions that keep a transaction open."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import ClassVar

from labctl.base import paths
from labctl.base.errors import LabStateError, NotFoundError
from labctl.docker.postgres_server import PostgresServer
from labctl.images.patches import diff
from labctl.lab import calibration
from labctl.lab.mechanisms.mechanism import RESTORER, Mechanism
from labctl.model.merchant_import import MerchantImport
from labctl.model.migration import Migration
from labctl.state.change_feed import NewChange
from labctl.state.undo_log import Entry

POSTGRES = "postgres"
_INDEX = re.compile(r"^CREATE (UNIQUE )?INDEX (\w+) ([^;]+);", re.MULTILINE)


@dataclass(frozen=True)
class Database(Mechanism):
    """The lab's Postgres, as its administrator changes it. An undo entry has the SQL that takes the change back."""

    name: ClassVar[str] = "database"

    def migrate(self, migration: Migration, *, author: str, summary: str) -> None:
        """Apply a schema migration; the feed gets an entry with `author` and `summary`.

        It gets the next number after the feed's last migration; the first one keeps its own.
        Raises EngineError of psql, WaitTimeoutError when somebody keeps the table locked.
        """
        last = self._last_number()
        if last is not None:
            migration = migration.numbered(last + 1)
        old, new = _version(migration.number - 1 if last is None else last), _version(migration.number)
        back = {"old": new, "new": old, "file": migration.file, "text": migration.text, "name": migration.name}
        self._note(migration.name, {"sql": migration.down, "migration": back})
        detail = diff({}, {migration.file: migration.text})
        self.store.changes.add(NewChange("migration", POSTGRES, summary, old, new, author, detail))
        self.server.alter(migration.up)

    def import_payments(self, what: MerchantImport) -> None:
        """Load a merchant's payments; that is business, no change of ours, so the feed gets no entry.

        The number of payments is scaled by the host's speed, to take as long as on the reference. Raises EngineError.
        """
        self._note(what.reference, {"sql": what.removal})
        speed = calibration.speed(self.store)
        scaled = what if speed is None else replace(what, payments=calibration.scaled(what.payments, speed))
        for script in scaled.scripts(datetime.now(UTC)):
            self.server.run(script)

    def hold(self, application: str, statements: str, seconds: int) -> None:
        """Run statements in a session, named `application`, that keeps its transaction open.

        The session ends by itself after `seconds`; the feed gets no entry. Raises EngineError.
        """
        self._note(application, {"sql": "", "application": application})
        self.server.hold(application, statements, seconds)

    def end(self, session: str) -> int:
        """End the session with this process id, or all of this application; return how many there were.

        Nothing is left to undo. Raises EngineError.
        """
        return self.server.kill(session)

    def build_index(self, name: str) -> None:
        """Build an index of the schema that is missing.

        Raises NotFoundError with the nearest, LabStateError when it is there, EngineError, WaitTimeoutError.
        """
        known = indexes()
        if name not in known:
            raise NotFoundError("index", name, known)
        if self.server.has_index(name):
            raise LabStateError(f"the index {name} is there already", expected="one that is missing")
        self._note(name, {"sql": f"DROP INDEX IF EXISTS {name};\n", "index": name})
        self.server.alter(known[name])

    def undo(self, entries: Sequence[Entry]) -> None:
        """Take each change back, the newest first."""
        for entry in entries:
            if "application" in entry.before:
                self.server.end_sessions(entry.before["application"])
            if "migration" in entry.before:
                self._announce_way_back(entry)
            if entry.before["sql"]:
                schema = "migration" in entry.before or "index" in entry.before
                change = self.server.alter if schema else self.server.run
                change(entry.before["sql"])

    def settle(self) -> None:
        """End labctl's own statements: those of a killed command go on in the container.

        Raises WaitTimeoutError when one does not end.
        """
        self.server.end_administrators()

    @property
    def server(self) -> PostgresServer:
        """The server as its administrator reaches it. Raises NotFoundError when it has no container."""
        return PostgresServer(self.stack.docker, self.stack.container(POSTGRES).id)

    def _last_number(self) -> int | None:
        """Return the schema's version by the feed; None before its first migration."""
        migrations = [each for each in self.store.changes.list(component=POSTGRES) if each.kind == "migration"]
        return int(migrations[-1].new.rpartition(" ")[2]) if migrations else None

    def _announce_way_back(self, entry: Entry) -> None:
        # Only once: a heal that was killed half-way may have added the entry already.
        back = entry.before["migration"]
        if not entry.before.get("told"):
            summary = f"Take {back['name']} down again"
            detail = diff({back["file"]: back["text"]}, {})
            change = NewChange("migration", POSTGRES, summary, back["old"], back["new"], RESTORER, detail)
            self.store.changes.add(change)
            self.log.amend(entry, {**entry.before, "told": True})


def indexes() -> dict[str, str]:
    """Return the statements that build the schema's indexes, by name; each does nothing where its index exists."""
    text = (paths.bundle_root() / "compose" / "postgres" / "indexes.sql").read_text(encoding="utf-8")
    return {name: f"CREATE {unique}INDEX IF NOT EXISTS {name} {rest};\n" for unique, name, rest in _INDEX.findall(text)}


def _version(number: int) -> str:
    return f"schema {number}"
