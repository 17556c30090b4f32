"""What colleagues do between an injection and its page: something harmless, so that the newest change is no answer."""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import replace

from labctl.base.errors import LabctlError
from labctl.lab.lab import Lab
from labctl.model.fault import Fault
from labctl.model.services import SERVICES
from labctl.operate import injection, steps
from labctl.play.director import around, making
from labctl.state.script import Script

HOW_MANY = (0, 1, 1, 1, 2)
AT_THE_CAUSE = 0.7
"""How often such a change is made where the cause is: there, too, the newest change is no answer then."""


def after_injection(lab: Lab, fault: Fault) -> None:
    """Make a quick change, or two, or none, as the script's seed says.

    For a caller that holds the lab; does nothing in a lab in which nobody else works. A change that can't be made in a
    lab that breaks is taken back and left out.
    """
    script = lab.store.script.read()
    if script is None or not script.playing:
        return
    drawn = random.Random(f"{steps.seed_of(script)}/meanwhile")
    own = injection.feed_of(lab)
    causes = {(each.component, each.kind) for each in lab.store.changes.list() if each.id in own}
    for _ in range(drawn.choice(HOW_MANY)):
        places = _cause(fault) if drawn.random() < AT_THE_CAUSE else around.components(fault)
        script = _one(lab, script, fault, places, causes)


def _one(
    lab: Lab, script: Script, fault: Fault, places: Collection[str], causes: Collection[tuple[str, str]]
) -> Script:
    # A service that suffers may not get ready, and the page would wait for it.
    still = [str(each) for each in fault.blast_radius]
    try:
        return making.quick(lab, script, places, avoid=causes, still=still)
    except LabctlError:
        now = lab.store.script.read() or script
        further = replace(now if now.under_way else steps.advanced(now, now.due), failed=now.failed + 1)
        lab.store.script.write(further)
        return further


def _cause(fault: Fault) -> frozenset[str]:
    return frozenset(set(str(fault.root_cause.component).split("-")) & SERVICES.keys())
