"""Schema migrations: one goes up as a release's would, on its own, and can be taken down again.

Both ways can be run twice: what is there already, or gone already, is left alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from labctl.docker.postgres_server import PostgresServer
from labctl.images.patches import diff
from labctl.lab.changing import Said
from labctl.state.changes import NewChange
from labctl.state.state import LabStore

COMPONENT = "postgres"
FOLDER = "db/migrations"


@dataclass(frozen=True)
class Migration:
    """Its file's name without the ending, such as 0042_add_a_column, and the SQL of both directions."""

    name: str
    up: str
    down: str

    @property
    def number(self) -> int:
        """The leading number of the name: the schema's version from then on."""
        return int(self.name.split("_", 1)[0])

    @property
    def file(self) -> str:
        """Where the migration is, as the change feed shows it."""
        return f"{FOLDER}/{self.name}.sql"

    @property
    def text(self) -> str:
        """What stands in the file."""
        return f"{self.up.strip()}\n"


@dataclass(frozen=True)
class Migrations:
    """The migrations of one lab beyond the shipped schema."""

    server: PostgresServer
    store: LabStore

    def apply(self, migration: Migration, said: Said) -> None:
        """Take a migration up, once."""
        # A process killed half way leaves the mark, by which the migration is taken down whatever came of it.
        self.store.set(_key(migration), {})
        old, new = _version(migration.number - 1), _version(migration.number)
        detail = diff({}, {migration.file: migration.text})
        self.store.changes.add(NewChange("migration", COMPONENT, said.summary, old, new, said.author, detail))
        self.server.run(migration.up)

    def revert(self, migration: Migration, said: Said) -> bool:
        """Take a migration down; False, and nothing touched, when it was never up."""
        if self.store.get(_key(migration)) is None:
            return False
        old, new = _version(migration.number), _version(migration.number - 1)
        detail = diff({migration.file: migration.text}, {})
        self.store.changes.add(NewChange("migration", COMPONENT, said.summary, old, new, said.author, detail))
        self.server.run(migration.down)
        self.store.unset(_key(migration))
        return True


def _version(number: int) -> str:
    return f"schema {number}"


def _key(migration: Migration) -> str:
    return f"migration:{migration.name}"
