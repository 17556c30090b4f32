"""`labctl faults`, or `labctl faults list`: the faults that can be practised."""

from __future__ import annotations

from collections.abc import Sequence

from labctl.actions import catalogue as action
from labctl.base.names import DEFAULT_NAME
from labctl.catalogue.listing import Listed
from labctl.cli import console
from labctl.cli.layout import Layout
from labctl.cli.options import CatalogueOption, JsonOption, NameOption
from labctl.model.fault import Host

# A part of an id is no fault.
_LAYOUT = Layout(spare=("CATEGORY", "LOAD"), whole=("ID", "DIFFICULTY"))


def faults(folder: CatalogueOption = None, name: NameOption = DEFAULT_NAME, as_json: JsonOption = False) -> None:
    """List the faults that can be practised: category, difficulty, tracks, load, host; never their root causes."""
    answer = action.faults(name, folder)
    console.emit(answer, lambda: _show(answer.faults), as_json=as_json)


def _show(rows: Sequence[Listed]) -> None:
    console.table(
        ("ID", "CATEGORY", "DIFFICULTY", "TRACKS", "LOAD"),
        (
            (row.id, row.category, f"{row.difficulty} of 5", ", ".join(row.tracks), f"from {row.min_rps:g}/s")
            for row in rows
        ),
        layout=_LAYOUT,
    )
    for host in sorted({row.host for row in rows} - {str(Host())}):
        ids = ", ".join(row.id for row in rows if row.host == host)
        console.show(f"\nOn hosts {host} as fast as the reference: {ids}")
    for row in rows:
        if row.unfit:
            console.show(f"would not show here: {row.id}: {row.unfit}")
    console.show("\nPractise one: labctl break ID; or let labctl choose and keep it hidden: labctl break")
