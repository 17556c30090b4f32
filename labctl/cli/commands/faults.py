"""`labctl faults`, or `labctl faults list`: what can be practised."""

from __future__ import annotations

from labctl.base.errors import LabStateError
from labctl.base.names import DEFAULT_NAME
from labctl.catalogue import catalogue
from labctl.catalogue.listing import Listed, listed
from labctl.cli import console
from labctl.cli.broken import warn_of
from labctl.cli.options import CatalogueOption, JsonOption, NameOption
from labctl.lab.lab import Lab
from labctl.model.fault import Host


def faults(folder: CatalogueOption = None, name: NameOption = DEFAULT_NAME, as_json: JsonOption = False) -> None:
    """List the faults that can be practised: category, difficulty, tracks, load, host; never what is behind them."""
    lab = _lab(name)
    found = catalogue.usable(folder)
    warn_of(found.broken)
    rows = [listed(fault, fault.unfit(lab.rps, lab.speed) if lab else "") for fault in found.faults]
    console.emit({"faults": rows}, lambda: _show(rows), as_json=as_json)


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
