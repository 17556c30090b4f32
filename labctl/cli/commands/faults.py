"""`labctl faults`, or `labctl faults list`: what can be practised."""

from __future__ import annotations

from dataclasses import dataclass

from labctl.base import console
from labctl.base.errors import LabStateError
from labctl.base.names import DEFAULT_NAME
from labctl.catalogue import catalogue
from labctl.cli.options import CatalogueOption, JsonOption, NameOption
from labctl.lab.lab import Lab
from labctl.model.fault import Fault, Host


@dataclass(frozen=True)
class Listed:
    """What may be known of a fault beforehand."""

    id: str
    category: str
    difficulty: int
    tracks: tuple[str, ...]
    min_rps: float
    host: str
    """Which hosts show it: any, or those up to so many times as fast as the reference."""
    unfit: str = ""
    """Why the lab here would not show it; empty where it does, or where there is no lab."""


def faults(folder: CatalogueOption = None, name: NameOption = DEFAULT_NAME, as_json: JsonOption = False) -> None:
    """List the faults that can be practised: category, difficulty, tracks, load, host; never what is behind them."""
    lab = _lab(name)
    rows = [listed(fault, lab) for fault in catalogue.known(folder)]
    console.emit({"faults": rows}, lambda: _show(rows), as_json=as_json)


def listed(fault: Fault, lab: Lab | None = None) -> Listed:
    """Return what `labctl faults` tells of a fault, for a lab if there is one."""
    tracks = tuple(sorted({str(fault.category), *fault.tracks}))
    unfit = fault.unfit(lab.rps, lab.speed) if lab else ""
    return Listed(fault.id, str(fault.category), fault.difficulty, tracks, fault.load.min_rps, str(fault.host), unfit)


def _lab(name: str) -> Lab | None:
    """Return the lab of this name where one was set up."""
    lab = Lab(name)
    try:
        return lab if lab.store.exists and lab.record else None
    except LabStateError:
        return None


def _show(rows: list[Listed]) -> None:
    console.table(
        ("ID", "CATEGORY", "DIFFICULTY", "TRACKS", "LOAD"),
        (
            (row.id, row.category, f"{row.difficulty} of 5", ", ".join(row.tracks), f"from {row.min_rps:g}/s")
            for row in rows
        ),
    )
    for host in sorted({row.host for row in rows} - {str(Host())}):
        ids = ", ".join(row.id for row in rows if row.host == host)
        console.show(f"\nOn hosts {host} as fast as the reference: {ids}")
    for row in rows:
        if row.unfit:
            console.show(f"not here: {row.id}: {row.unfit}")
    console.show("\nPractise one: labctl break ID; or let labctl choose and keep it hidden: labctl break")
