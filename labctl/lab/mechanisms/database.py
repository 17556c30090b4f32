"""The database: migrations of its schema, payments brought in from elsewhere, sessions that hold something open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import ClassVar

from labctl.docker.postgres_server import PostgresServer
from labctl.images.patches import diff
from labctl.lab import calibration
from labctl.lab.mechanisms.mechanism import RESTORER, Mechanism
from labctl.model.merchant_import import MerchantImport
from labctl.model.migration import Migration
from labctl.state.change_feed import NewChange
from labctl.state.undo_log import Entry

POSTGRES = "postgres"


@dataclass(frozen=True)
class Database(Mechanism):
    """The lab's Postgres, as its administrator changes it. An entry has the statements that take the change back."""

    name: ClassVar[str] = "database"

    def migrate(self, migration: Migration, *, author: str, summary: str) -> None:
        """Take a schema migration up, as `author` describes it in the feed. Raises EngineError with what psql says."""
        old, new = _version(migration.number - 1), _version(migration.number)
        back = {"old": new, "new": old, "file": migration.file, "text": migration.text, "name": migration.name}
        self._note(migration.name, {"sql": migration.down, "migration": back})
        detail = diff({}, {migration.file: migration.text})
        self.store.changes.add(NewChange("migration", POSTGRES, summary, old, new, author, detail))
        self.server.run(migration.up)

    def import_payments(self, what: MerchantImport) -> None:
        """Bring in a merchant's payments from elsewhere; that is business, no change of ours: the feed has no entry.

        As many as take this host as long as they would take the reference. Raises EngineError.
        """
        self._note(what.reference, {"sql": what.removal})
        speed = calibration.speed(self.store)
        scaled = what if speed is None else replace(what, payments=calibration.scaled(what.payments, speed))
        for script in scaled.scripts(datetime.now(UTC)):
            self.server.run(script)

    def hold(self, application: str, statements: str, seconds: int) -> None:
        """Have a session, known by the name of an application, run statements and keep its transaction open.

        It ends by itself after `seconds`; nobody announces it. Raises EngineError.
        """
        self._note(application, {"sql": "", "application": application})
        self.server.hold(application, statements, seconds)

    def undo(self, entries: Sequence[Entry]) -> None:
        """Take each change back, the newest first."""
        for entry in entries:
            if "application" in entry.before:
                self.server.end_sessions(entry.before["application"])
            if "migration" in entry.before:
                self._announce_way_back(entry)
            if entry.before["sql"]:
                self.server.run(entry.before["sql"])

    def settle(self) -> None:
        """Return when no statement of labctl's own is at work: a killed command's goes on in the container.

        Raises WaitTimeoutError when one does not end.
        """
        self.server.end_administrators()

    @property
    def server(self) -> PostgresServer:
        """The server as its administrator reaches it. Raises NotFoundError when it has no container."""
        return PostgresServer(self.stack.docker, self.stack.container(POSTGRES).id)

    def _announce_way_back(self, entry: Entry) -> None:
        # Told once: a heal that was killed in the middle has told it.
        told = entry.before["migration"]
        if not entry.before.get("told"):
            summary = f"Take {told['name']} down again"
            detail = diff({told["file"]: told["text"]}, {})
            change = NewChange("migration", POSTGRES, summary, told["old"], told["new"], RESTORER, detail)
            self.store.changes.add(change)
            self.log.amend(entry, {**entry.before, "told": True})


def _version(number: int) -> str:
    return f"schema {number}"
