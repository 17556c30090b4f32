"""`labctl down`: a lab and everything it left on this host, but for its results."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from labctl.base import progress
from labctl.base.errors import LabctlError
from labctl.base.names import DEFAULT_NAME
from labctl.cli import console
from labctl.cli.options import JsonOption, NameOption
from labctl.operate.teardown import Removal, all_names, tear_down

AllOption = Annotated[bool, typer.Option("--all", help="Every lab whose state is here.")]


def down(name: NameOption = DEFAULT_NAME, every: AllOption = False, as_json: JsonOption = False) -> None:
    """Remove a lab: containers, network, volumes, state. Results of incidents are kept in the archive."""
    if every:
        removals, problems = _remove_all()
    else:
        removals, problems = [_remove(name)], []
    console.emit({"labs": [document(each) for each in removals]}, lambda: _show(removals), as_json=as_json)
    if problems:
        raise typer.Exit(max(each.exit_code for each in problems))


def _remove_all() -> tuple[list[Removal], list[LabctlError]]:
    """Remove every lab that can be removed; one that can't keeps none of the others up."""
    removals: list[Removal] = []
    problems: list[LabctlError] = []
    for each in all_names():
        try:
            removals.append(_remove(each))
        except LabctlError as problem:
            console.error(problem)
            problems.append(problem)
    return removals, problems


def document(removal: Removal) -> dict[str, Any]:
    """Return what was removed of one lab."""
    archived = str(removal.archived) if removal.archived else None
    return {"name": removal.name, "removed": not removal.nothing, "archived": archived}


def _remove(name: str) -> Removal:
    with progress.step(f"removing the lab '{name}'"):
        return tear_down(name)


def _show(removals: list[Removal]) -> None:
    if not removals:
        console.show("There is no lab: nothing to remove.")
    for each in removals:
        if each.nothing:
            console.show(f"There is no lab '{each.name}': nothing to remove.")
        else:
            console.show(f"The lab '{each.name}' is gone ({each.containers} containers).")
        if each.archived:
            console.show(f"  its results are kept in {each.archived}")
