"""What is due in a lab's script, done once: steps that end by themselves are ended, the next one is made."""

from __future__ import annotations

import time
from dataclasses import replace

from labctl.base.errors import LabctlError
from labctl.catalogue import colleagues
from labctl.lab import undo
from labctl.lab.lab import Lab
from labctl.model.incident import Status
from labctl.operate import guard, steps
from labctl.play import played
from labctl.play.director import choosing, history, making
from labctl.state.locking import BACKGROUND, locked
from labctl.state.script import Script

SOON_S = 15.0


def play(name: str) -> None:
    """Do what is due now in the lab `name`. Raises LabctlError when the lab is in use, or a change can't be made."""
    lab = Lab.open(name)
    with locked(name, BACKGROUND):
        if guard.interrupted(lab) or lab.record.status != "running":
            return  # the next command heals first, or brings the lab up
        steps.settle(lab)
        _end_what_is_over(lab)
        script = lab.store.script.read()
        if script is not None and script.playing and script.due <= time.time():
            _next(lab, script)
        undo.reapply(lab)


def hurry(lab: Lab) -> None:
    """Make the script's next step at once, for a caller that holds the lab. Raises LabctlError."""
    steps.settle(lab)
    _end_what_is_over(lab)
    script = lab.store.script.read() or Script(lab.record.seed, playing=False)
    _next(lab, script)


def _end_what_is_over(lab: Lab) -> None:
    script = lab.store.script.read()
    for each in script.made if script else ():
        if script is not None and each.until is not None and each.until <= time.time():
            # What somebody has changed on top of it goes with that, when the lab is healed.
            covered = steps.covered(lab, each)
            script = _later(lab, script, each.number) if covered else steps.end(lab, script, each)


def _later(lab: Lab, script: Script, number: int) -> Script:
    made = tuple(replace(each, until=None) if each.number == number else each for each in script.made)
    changed = replace(script, made=made)
    lab.store.script.write(changed)
    return changed


def _next(lab: Lab, script: Script) -> None:
    in_incident = _in_incident(lab)
    gap = choosing.gap_s(script, _pace(lab, in_incident=in_incident))
    back = None if in_incident else choosing.to_take_back(lab, script)
    try:
        if back is not None:
            steps.take_back(lab, script, back, time.time() + gap)
        else:
            make_one(lab, script, gap)
    except LabctlError:
        # Soon where one is waited for.
        steps.failed(lab, script, time.time() + (min(gap, SOON_S) if in_incident else gap))
        raise


def make_one(lab: Lab, script: Script, gap: float) -> Script:
    """Make the first change, in the order of the script's next step, that the lab allows and that changes anything."""
    script, made = making.first(lab, script, choosing.order(script, colleagues.usable()[0]), time.time() + gap)
    if made:
        return script
    after = steps.advanced(script, time.time() + gap)
    lab.store.script.write(after)
    return after


def _pace(lab: Lab, *, in_incident: bool) -> tuple[float, float]:
    """Return between which two gaps steps follow: sooner where the last hour holds little, as after a pause."""
    if in_incident:
        return choosing.INCIDENT_GAP_S
    return choosing.CATCH_UP_GAP_S if history.thin(lab) else choosing.CALM_GAP_S


def _in_incident(lab: Lab) -> bool:
    latest = lab.store.documents.all(played.KIND)
    return bool(latest) and latest[max(latest)]["status"] in (str(Status.OPEN), str(Status.INJECTING))
