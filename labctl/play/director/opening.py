"""When colleagues come to work in a lab: with its first `up`, and again after each healing."""

from __future__ import annotations

import time
from dataclasses import replace

from labctl.lab.lab import Lab
from labctl.operate import background, injection, steps
from labctl.play.director import choosing, history
from labctl.state.locking import locked
from labctl.state.script import Script


def open_office(lab: Lab, colleagues: bool | None = None) -> None:
    """Write a new lab's history, or what a pause left out of it, and start its director.

    With `colleagues`, let them come, or send them home.
    """
    script = lab.store.script.read()
    if script is None or colleagues not in (None, script.playing):
        with locked(lab.name, "up"):
            script = _hired(lab, lab.store.script.read(), playing=colleagues is not False)
    elif script.playing and history.thin(lab):
        with locked(lab.name, "up"):
            _resume(lab, script)
    if background.DIRECTOR.wanted(lab.store):
        background.ensure(lab, background.DIRECTOR)
    else:
        background.stop(lab.name, background.DIRECTOR)


def _resume(lab: Lab, script: Script) -> None:
    """Let the feed be an ordinary one after a pause, unless an incident is on: then it stays as it is."""
    if not injection.injected(lab):
        history.refresh(lab, f"{steps.seed_of(script)}/up")


def after_healing(lab: Lab) -> None:
    """Go on with an ordinary feed after everything was undone. For a caller that holds the lab."""
    script = lab.store.script.read()
    if script is not None and script.playing and not lab.store.undo_log.entries():
        history.refresh(lab, steps.seed_of(script))
        injection.keep_feed(lab)
        lab.store.script.write(replace(script, due=_soon(script)))


def _hired(lab: Lab, known: Script | None, *, playing: bool) -> Script:
    script = replace(known or Script(lab.record.seed), playing=playing)
    script = replace(script, due=_soon(script))
    if playing:
        history.begin(lab)
        _resume(lab, script)
    lab.store.script.write(script)
    return script


def _soon(script: Script) -> float:
    return time.time() + choosing.gap_s(script, choosing.CALM_GAP_S)
