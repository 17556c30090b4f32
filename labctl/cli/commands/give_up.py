"""`labctl give-up`: end the open incident, and read what it was."""

from __future__ import annotations

from labctl.actions import debrief as action
from labctl.base.names import DEFAULT_NAME
from labctl.cli import console, debrief_view
from labctl.cli.options import CatalogueOption, JsonOption, NameOption


def give_up(folder: CatalogueOption = None, name: NameOption = DEFAULT_NAME, as_json: JsonOption = False) -> None:
    """End the open incident without the right answer, and show its debrief; `labctl heal` mends the lab then."""
    answer = action.give_up(name, folder=folder)
    console.emit(answer, lambda: debrief_view.show(answer), as_json=as_json)
