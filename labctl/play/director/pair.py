"""The other half of a pair: a harmless change whose effect is seen, on a component that has no part in the fault."""

from __future__ import annotations

import time

from labctl.catalogue import colleagues
from labctl.lab.lab import Lab
from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.surroundings import Decoy
from labctl.play.director import choosing, making
from labctl.state.script import Script


def lay(lab: Lab, script: Script, chain: frozenset[str]) -> tuple[Script, Decoy | None]:
    """Make the first change that is seen and off the chain; return the script after it, and what was made.

    Where none fits, there is no pair. For a caller that holds the lab. Raises LabctlError.
    """
    fitting = [each for each in choosing.order(script, colleagues.usable()[0]) if fits(each, chain)]
    after, made = making.first(lab, script, fitting, max(script.due, time.time()))
    if not made or not after.made[-1].feed:
        return after, None  # of a change that nobody announces, no debrief could tell
    seen_at = colleagues.load(after.made[-1].change).seen_at
    return after, Decoy(after.made[-1].feed[0], str(seen_at))


def fits(change: ColleaguesChange, chain: frozenset[str]) -> bool:
    """Whether a change is seen, elsewhere than on the chain; a release takes too long just before an injection."""
    if change.seen_at is None or change.kind is ChangeKind.RELEASE:
        return False
    return not {str(change.seen_at), str(change.component)} & chain
