"""`labctl incident`: what an instructor does to an incident's clock."""

from __future__ import annotations

from typing import Annotated

import typer

from labctl.actions import incident_clock as action
from labctl.base.names import DEFAULT_NAME
from labctl.base.times import show_clock
from labctl.cli import console
from labctl.cli.options import JsonOption, NameOption

_SAID = {
    "pause": "the clock of {0} is paused at {1}; the lab runs on, and no answer is taken",
    "resume": "the clock of {0} runs on from {1}",
    "extend": "{0} has {2} left",
    "end": "{0} is over, at {1}; `labctl debrief` tells it",
    "void": "{0} is void: nothing of it counts, and the lab is healed",
}


def pause(name: NameOption = DEFAULT_NAME, as_json: JsonOption = False) -> None:
    """Let the clock of the open incident stand still: the lab runs on, and no answer is taken."""
    _emit(action.pause(name), as_json=as_json)


def resume(name: NameOption = DEFAULT_NAME, as_json: JsonOption = False) -> None:
    """Let a paused clock run on; the pause counts for nothing, neither for the limit nor for status updates."""
    _emit(action.resume(name), as_json=as_json)


def extend(
    by: Annotated[str, typer.Argument(metavar="DURATION", help="How much longer: 90s, 10m, 1h, …")],
    name: NameOption = DEFAULT_NAME,
    as_json: JsonOption = False,
) -> None:
    """Move the limit of the open incident."""
    _emit(action.extend(name, action.extension(by)), as_json=as_json)


def end(name: NameOption = DEFAULT_NAME, as_json: JsonOption = False) -> None:
    """End the open incident now, as its limit would have; `labctl debrief` tells it then."""
    _emit(action.end(name), as_json=as_json)


def void(name: NameOption = DEFAULT_NAME, as_json: JsonOption = False) -> None:
    """Let nothing of the last incident count, open or over, and heal the lab; its answer stays hidden."""
    _emit(action.void(name), as_json=as_json)


def _emit(changed: action.Changed, *, as_json: bool) -> None:
    left = show_clock(changed.left_s or 0.0)
    said = _SAID[changed.done].format(changed.incident, show_clock(changed.clock_s), left)
    console.emit(changed, lambda: console.show(said), as_json=as_json)
