"""`labctl heal`: undo every injected change."""

from __future__ import annotations

import typer

from labctl.actions import heal as action
from labctl.base.errors import EXIT_ERROR
from labctl.base.names import DEFAULT_NAME, option_of
from labctl.cli import console
from labctl.cli.options import CatalogueOption, JsonOption, NameOption
from labctl.cli.readings import as_line


def heal(name: NameOption = DEFAULT_NAME, folder: CatalogueOption = None, as_json: JsonOption = False) -> None:
    """Undo every change of the lab, whoever made it, and wait until it is healthy; an open incident ends.

    Harmless when all is well. Ends with exit code 1 when the lab does not get healthy.
    """
    answer = action.heal(name, folder)
    console.emit(answer, lambda: _show(answer, option_of(name)), as_json=as_json)
    if not answer.healthy:
        raise typer.Exit(EXIT_ERROR)


def _show(lab: action.Heal, flag: str) -> None:
    if lab.given_up:
        console.show(f"The incident {lab.given_up} was open: it is given up. Read about it: labctl debrief{flag}")
    if lab.healed:
        console.show("The lab is healed and in its steady state.")
        return
    console.show("Nothing to heal: no fault is injected in this lab.")
    for each in lab.steady_state:
        if not each.holds:
            console.show(f"  out of bounds: {as_line(each)}")
    if not lab.healthy:
        console.show(f"The lab is not healthy. Next: labctl up{flag} starts what is missing")
