"""What the script does next: a colleague's change that fits the lab as it is now, by the script's seed."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from labctl.catalogue.rehearsal import rehearse
from labctl.lab.lab import Lab
from labctl.model.colleague import APART_S, ROLLS_OUT, ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.operate import steps
from labctl.state.script import Made, Script

CALM_GAP_S = (240.0, 480.0)
CATCH_UP_GAP_S = (60.0, 120.0)
"""Where nobody has worked for long: the last hour's feed fills, with changes that are made and not only told."""
INCIDENT_GAP_S = (90.0, 240.0)
AFTER_PAGE_S = (15.0, 75.0)
OPERATION = "operation"
"""The feed's word for what a learner did to a container, such as a restart."""
MOST_IN_FORCE = 6
"""With more changes in force, one of them is taken back before another is made."""


@dataclass(frozen=True)
class Scene:
    """The lab as it is: what of the script is in force, and what others have changed."""

    made: tuple[Made, ...]
    touched: frozenset[str]
    """What somebody else has changed and nobody undone: services, flags, clients."""
    rolled_out: frozenset[str] = frozenset()
    """The services that were rolled out just now."""

    def allows(self, change: ColleaguesChange) -> bool:
        """Whether a change can be made without meeting another one."""
        if change.id in {each.change for each in self.made}:
            return False
        component = str(change.component)
        if change.kind is ChangeKind.TRAFFIC:
            return "clients" not in self.touched and not any(each.kind == change.kind for each in self.made)
        if change.kind is ChangeKind.FLAG:
            return self.touched.isdisjoint(str(call.given[0]) for call in rehearse(change, Draw(0)))
        # A roll-out would end what lives in a container: a limit, a leak, what somebody wants to look at.
        return change.kind not in ROLLS_OUT or component not in self.touched | self.rolled_out


def scene(lab: Lab, script: Script) -> Scene:
    """Look at the lab."""
    return Scene(script.made, frozenset(each.subject for each in steps.others(lab)), _rolled_out(lab))


def _rolled_out(lab: Lab) -> frozenset[str]:
    recent = lab.store.changes.list(since=time.time() - APART_S)
    return frozenset(each.component for each in recent if each.kind in (*ROLLS_OUT, OPERATION))


def order(script: Script, changes: Iterable[ColleaguesChange]) -> list[ColleaguesChange]:
    """Return the changes in the order in which the script's next step would take them."""
    found = sorted(changes, key=lambda each: each.id)
    _random(script, "order").shuffle(found)
    return found


def to_take_back(lab: Lab, script: Script) -> Made | None:
    """Return the step that is taken back next, if one is: the oldest that nothing has been built upon."""
    staying = [each for each in script.made if each.until is None]
    if len(staying) <= MOST_IN_FORCE and _random(script, "back").random() > len(staying) / (2 * MOST_IN_FORCE):
        return None
    now = _rolled_out(lab)
    return next((each for each in staying if not steps.covered(lab, each) and each.component not in now), None)


def gap_s(script: Script, between: Sequence[float]) -> float:
    """Return how long after the script's next step the following one comes."""
    return _random(script, "gap").uniform(*between)


def _random(script: Script, what: str) -> random.Random:
    return random.Random(f"{steps.seed_of(script)}/{what}")
