"""`labctl faults`, or `labctl faults list`: what can be practised."""

from __future__ import annotations

from dataclasses import dataclass

from labctl import catalogue, console
from labctl.fault import Fault
from labctl.options import CatalogueOption, JsonOption


@dataclass(frozen=True)
class Listed:
    """What may be known of a fault beforehand."""

    id: str
    category: str
    difficulty: int
    tracks: tuple[str, ...]
    min_rps: float


def faults(folder: CatalogueOption = None, as_json: JsonOption = False) -> None:
    """List the faults that can be practised: category, difficulty, tracks, least load; never what is behind them."""
    rows = [listed(fault) for fault in catalogue.known(folder)]
    console.emit({"faults": rows}, lambda: _show(rows), as_json=as_json)


def listed(fault: Fault) -> Listed:
    """Return what `labctl faults` tells of a fault."""
    tracks = tuple(sorted({str(fault.category), *fault.tracks}))
    return Listed(fault.id, str(fault.category), fault.difficulty, tracks, fault.load.min_rps)


def _show(rows: list[Listed]) -> None:
    console.table(
        ("ID", "CATEGORY", "DIFFICULTY", "TRACKS", "LEAST LOAD"),
        ((row.id, row.category, f"{row.difficulty} of 5", ", ".join(row.tracks), f"{row.min_rps:g}/s") for row in rows),
    )
    console.show("\nPractise one: labctl break ID; or let labctl choose and keep it hidden: labctl break")
