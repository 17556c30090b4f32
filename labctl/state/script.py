"""The script of one lab: what colleagues have changed in it, what they are changing now, and when they go on.

It is sealed, as it tells harmless changes from others. Whoever writes it holds the lab's lock.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import Any

from labctl.state.database import Database
from labctl.state.sealing import seal, unseal

KEY = "script"


@dataclass(frozen=True)
class UnderWay:
    """A step that has begun: the last entries of undo log and change feed before it.

    `back` is the number of the step that it takes back; None for one that makes a change.
    """

    change: str
    began: float
    undo: int
    feed: int
    back: int | None = None


@dataclass(frozen=True)
class Made:
    """A step that was made and is in force; times are epoch seconds, `undo` and `feed` the numbers of its entries."""

    number: int
    change: str
    kind: str
    component: str
    began: float
    ended: float
    until: float | None
    """When it ends by itself; None for a change that stays."""
    undo: tuple[int, ...]
    feed: tuple[int, ...]


@dataclass(frozen=True)
class Script:
    """How far a lab's script has been played. `next` counts its steps, `due` is when that step comes."""

    seed: int
    playing: bool = True
    next: int = 0
    due: float = 0.0
    under_way: UnderWay | None = None
    made: tuple[Made, ...] = ()
    failed: int = 0
    """How many steps could not be made."""
    base: int = 0
    """The step with which the script of this seed began."""

    def without(self, *numbers: int) -> Script:
        """Return the script without these steps in force."""
        return replace(self, made=tuple(each for each in self.made if each.number not in numbers))


@dataclass(frozen=True)
class ScriptFile:
    """Where the script is kept: among the settings of a lab's database."""

    database: Database

    def read(self) -> Script | None:
        """Return the script; None in a lab that has none."""
        with self.database.reading() as connection:
            row = connection.execute("SELECT value FROM settings WHERE key = ?", (KEY,)).fetchone()
        return _script(json.loads(unseal(row["value"]))) if row else None

    def write(self, script: Script) -> None:
        """Replace the script."""
        with self.database.writing() as connection:
            value = seal(json.dumps(asdict(script)))
            connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (KEY, value))


def _script(document: dict[str, Any]) -> Script:
    under_way = document["under_way"]
    made = tuple(
        Made(**{**each, "undo": tuple(each["undo"]), "feed": tuple(each["feed"])}) for each in document["made"]
    )
    return Script(**{**document, "under_way": UnderWay(**under_way) if under_way else None, "made": made})
