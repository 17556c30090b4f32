"""Opens the store for one query at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from services.telemetry.deadline import Deadline
from services.telemetry.store.schema import open_for_reading


@dataclass(frozen=True)
class Reader:
    """Opens the store at `path`; a query may take `seconds`."""

    path: Path
    seconds: float

    @contextmanager
    def open(self) -> Iterator[tuple[sqlite3.Connection, Deadline]]:
        """Return a connection, and the deadline for all that is read from it."""
        deadline = Deadline(self.seconds)
        with open_for_reading(self.path, deadline) as connection:
            yield connection, deadline
