"""The other half of a pair: a harmless change whose effect is seen, on a component that has no part in the fault."""

from __future__ import annotations

import time

from labctl.catalogue import colleagues
from labctl.lab.lab import Lab
from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.surroundings import Decoy
from labctl.operate import steps
from labctl.play.director import choosing
from labctl.state.script import Script


def lay(lab: Lab, script: Script, chain: frozenset[str]) -> tuple[Script, Decoy | None]:
    """Make the first change that is seen and off the chain; return the script after it, and what was made.

    Where none fits, there is no pair. For a caller that holds the lab. Raises LabctlError.
    """
    scene = choosing.scene(lab, script)
    for change in choosing.order(script, colleagues.usable()[0]):
        if fits(change, chain) and scene.allows(change):
            after = steps.make(lab, script, change, max(script.due, time.time()))
            if len(after.made) > len(script.made):
                return after, Decoy(after.made[-1].feed[0], str(change.seen_at))
            script = after
    return script, None


def fits(change: ColleaguesChange, chain: frozenset[str]) -> bool:
    """Whether a change is seen, elsewhere than on the chain; a release takes too long just before an injection."""
    if change.seen_at is None or change.kind is ChangeKind.RELEASE:
        return False
    return not {str(change.seen_at), str(change.component)} & chain
