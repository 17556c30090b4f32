"""A schema migration: a change of the database's structure, and how to undo it."""

from __future__ import annotations

from dataclasses import dataclass, replace

FOLDER = "db/migrations"


@dataclass(frozen=True)
class Migration:
    """The name of its file without the ending, such as 0042_add_a_column, and the SQL of both directions.

    Both scripts can be run twice: they leave alone what exists already, or is gone already.
    """

    name: str
    up: str
    down: str

    @property
    def number(self) -> int:
        """The leading number of the name: the schema's version from then on."""
        return int(self.name.split("_", 1)[0])

    def numbered(self, number: int) -> Migration:
        """Return the same migration under another number."""
        return replace(self, name=f"{number:04d}_{self.name.split('_', 1)[1]}")

    @property
    def file(self) -> str:
        """The path of its file, as the change feed shows it."""
        return f"{FOLDER}/{self.name}.sql"

    @property
    def text(self) -> str:
        """The text of its file."""
        return f"{self.up.strip()}\n"
