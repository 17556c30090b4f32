"""`labctl faults`, or `labctl faults list`: how many faults can be practised, and with spoilers which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from labctl.actions import catalogue as action
from labctl.base.names import DEFAULT_NAME
from labctl.base.text import number_of
from labctl.catalogue.listing import Counted, Listed
from labctl.cli import console
from labctl.cli.layout import Layout
from labctl.cli.options import CatalogueOption, JsonOption, NameOption
from labctl.model.fault import DIFFICULTIES, Host

SpoilersOption = Annotated[
    bool, typer.Option("--spoilers", help="Name each fault, too: for those who write faults, and for pipelines.")
]
# A part of an id is no fault.
_LAYOUT = Layout(spare=("CATEGORY", "LOAD", "TITLE"), whole=("ID", "DIFFICULTY"))


def faults(
    folder: CatalogueOption = None,
    name: NameOption = DEFAULT_NAME,
    *,
    spoilers: SpoilersOption = False,
    as_json: JsonOption = False,
) -> None:
    """Count the faults that can be practised, by category, track and difficulty; --spoilers names them."""
    answer = action.faults(name, folder, spoilers=spoilers)
    console.emit(answer, lambda: _show(answer), as_json=as_json)


def _show(answer: action.Faults) -> None:
    console.table(
        ("TRACK", "FAULTS", *(f"OF {level}" for level in DIFFICULTIES)),
        map(_counts, (*answer.categories, *answer.tracks)),
        layout=Layout(whole=("TRACK",)),
    )
    console.show(
        f"\n{number_of(answer.total, 'fault')}, of difficulty 1 (one look tells) to 5 (every first guess is wrong)"
    )
    if answer.unfit:
        console.show(f"{answer.unfit} of them would not show in this lab, and are not chosen in it")
    if answer.faults is not None:
        _name(answer.faults)
    console.show("\nPractise one that labctl chooses and keeps hidden: labctl break, or labctl break --track TRACK")


def _counts(row: Counted) -> tuple[object, ...]:
    return row.track, row.faults, *(row.by_difficulty[str(level)] or None for level in DIFFICULTIES)


def _name(rows: Sequence[Listed]) -> None:
    console.show()
    console.table(
        ("ID", "TITLE", "CATEGORY", "DIFFICULTY", "TRACKS", "LOAD"),
        (
            (
                row.id,
                row.title,
                row.category,
                f"{row.difficulty} of 5",
                ", ".join(row.tracks),
                f"from {row.min_rps:g}/s",
            )
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
