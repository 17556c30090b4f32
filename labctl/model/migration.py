"""A schema migration: a change of the database's structure, and the way back."""

from __future__ import annotations

from dataclasses import dataclass

FOLDER = "db/migrations"


@dataclass(frozen=True)
class Migration:
    """Its file's name without the ending, such as 0042_add_a_column, and the SQL of both directions.

    Both ways can be run twice: what is there already, or gone already, is left alone.
    """

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
