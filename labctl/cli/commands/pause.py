"""`labctl pause` and `labctl resume`: a lab that nobody uses now costs no CPU, and goes on within seconds."""

from __future__ import annotations

from labctl.actions import pause as action
from labctl.base.names import DEFAULT_NAME, option_of
from labctl.base.times import local_time
from labctl.cli import console
from labctl.cli.options import JsonOption, NameOption


def pause(name: NameOption = DEFAULT_NAME, as_json: JsonOption = False) -> None:
    """Pause a lab that nobody uses now: it keeps everything and uses no CPU; `labctl resume` takes seconds."""
    answer = action.pause(name)
    console.emit(answer, lambda: _show_paused(answer), as_json=as_json)


def resume(name: NameOption = DEFAULT_NAME, as_json: JsonOption = False) -> None:
    """Let a paused lab go on, and wait until it is healthy; `up`, `heal`, `break` and `verify` do that, too."""
    answer = action.resume(name)
    console.emit(answer, lambda: _show_resumed(answer), as_json=as_json)


def _show_paused(lab: action.Paused) -> None:
    said = "is paused" if lab.paused else f"was paused already, since {local_time(lab.since.timestamp())}"
    console.show(f"The lab '{lab.name}' {said}. It keeps its memory, and uses no CPU.")
    console.show(f"Next: labctl resume{option_of(lab.name)}")


def _show_resumed(lab: action.Resumed) -> None:
    if lab.resumed:
        console.show(f"The lab '{lab.name}' is healthy again, after {lab.seconds:.1f} s.")
    else:
        console.show(f"The lab '{lab.name}' was not paused: nothing to do.")
