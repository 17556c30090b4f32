"""What colleagues do between an injection and its page: something harmless, so that the newest change is no answer."""

from __future__ import annotations

import random

from labctl.base.errors import LabctlError
from labctl.lab.lab import Lab
from labctl.model.fault import Fault
from labctl.model.services import SERVICES
from labctl.operate import injection, steps
from labctl.play.director import around, making

HOW_MANY = (0, 1, 1, 1, 2)
"""Each as likely as the others. Without one, the fault's change is the newest: now and then it has to be."""
AT_THE_CAUSE = 0.7
"""How often such a change is made where the cause is: there, too, the newest change is no answer then."""


def after_injection(lab: Lab, fault: Fault) -> None:
    """Make a quick change, or two, or none, as the script's seed says.

    For a caller that holds the lab; does nothing in a lab in which nobody else works. A change that can't be made in a
    lab that breaks is taken back, and is the last one.
    """
    script = lab.store.script.read()
    if script is None or not script.playing:
        return
    drawn = random.Random(f"{steps.seed_of(script)}/meanwhile")
    own = injection.feed_of(lab)
    causes = {(each.component, each.kind) for each in lab.store.changes.list() if each.id in own}
    # A service that suffers may not get ready, and the page would wait for it.
    still = [str(each) for each in fault.blast_radius]
    try:
        for _ in range(drawn.choice(HOW_MANY)):
            places = _cause(fault) if drawn.random() < AT_THE_CAUSE else around.components(fault)
            script = making.quick(lab, script, places, avoid=causes, still=still)
    except LabctlError:
        steps.failed(lab, script, script.due)


def _cause(fault: Fault) -> frozenset[str]:
    return frozenset(set(str(fault.root_cause.component).split("-")) & SERVICES.keys())
