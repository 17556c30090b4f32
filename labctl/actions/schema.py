"""The database's tables with their columns, by name: to know what one can ask for. No value is read: no look-up."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from labctl.actions.sql import observer
from labctl.lab.lab import Lab
from labctl.lookups.cells import Column

MOST_COLUMNS = 5000
"""Of all tables together; what is beyond is not completed."""
STATEMENT = """SELECT n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND has_table_privilege(c.oid, 'SELECT')
  AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_toast%' AND n.nspname NOT LIKE 'pg\\_temp%'
ORDER BY n.nspname = 'pg_catalog', n.nspname, c.relname, a.attnum"""


@dataclass(frozen=True)
class Table:
    """A table or view that the observer may read."""

    schema: str
    name: str
    columns: tuple[Column, ...]

    @property
    def is_system(self) -> bool:
        """Whether it is the server's own, or an extension's statistics."""
        return self.schema == "pg_catalog" or self.name.startswith("pg_")


def schema(name: str) -> tuple[Table, ...]:
    """Return the tables, the application's own first. Raises as `sql` does."""
    found = observer(Lab.open(name)).run(STATEMENT, MOST_COLUMNS)
    rows = [tuple(map(str, row)) for row in found.rows]
    return tuple(
        Table(space, table, tuple(Column(column, kind) for _, _, column, kind in columns))
        for (space, table), columns in groupby(rows, key=lambda row: (row[0], row[1]))
    )
