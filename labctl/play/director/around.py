"""What the script does around an injection: something harmless just before it, on the same path, and something after.

So the newest change is not the answer, nor the only one on its component. Now and then a fault gets a **pair**: a
harmless change elsewhere, whose effect is seen.
"""

from __future__ import annotations

import random
import time
from dataclasses import replace

from labctl.lab.lab import Lab
from labctl.model.fault import Fault
from labctl.model.services import SERVICES
from labctl.model.surroundings import NOTHING_AROUND, Surroundings
from labctl.operate import steps
from labctl.play.director import choosing, making, pair, tried

LEAST_ON_CHAIN = 2
PAIRS = 0.35
"""How often a hidden fault is one of a pair."""
NEAR_S = 600.0
"""So long before the injection a change on the chain is near it."""


def before_injection(lab: Lab, fault: Fault, seed: int | None = None, *, pairs: float = 0.0) -> Surroundings:
    """Make a quick change on the fault's chain, or two; return what now lies around the fault.

    In a share of `pairs` of all seeds, a change that shows elsewhere is made first. Nothing is told of the past:
    whoever read the feed before would see by that what is new in it. With a seed, the script goes on by it. For a
    caller that holds the lab; does nothing in a lab in which nobody else works. Raises LabctlError.
    """
    script = lab.store.script.read()
    if script is None or not script.playing:
        return NOTHING_AROUND
    if seed is not None:
        script = replace(script, seed=seed, base=script.next)
    chain = components(fault)
    decoy = None
    if random.Random(f"{steps.seed_of(script)}/pair").random() < pairs:
        script, decoy = pair.lay(lab, script, chain)
    wanted = random.Random(f"{steps.seed_of(script)}/before").choice((1, 1, 2))
    for _ in range(wanted):
        script = making.quick(lab, script, chain)
    if _on_chain(lab, chain) < LEAST_ON_CHAIN:
        making.quick(lab, script, chain)
    return Surroundings(near=_on_chain(lab, chain, NEAR_S), decoy=decoy)


def after_page(lab: Lab, paged_at: float) -> None:
    """Let the script's next step come soon after a page. For a caller that holds the lab."""
    script = lab.store.script.read()
    if script is not None and script.playing:
        gap = choosing.gap_s(script, choosing.AFTER_PAGE_S)
        lab.store.script.write(replace(script, due=max(time.time(), paged_at + gap)))


def components(fault: Fault) -> frozenset[str]:
    """Return the services on a fault's chain, both ends of a link for themselves; its end, the clients, is left out."""
    named = {part for link in fault.chain for part in str(link.component).split("-")}
    return frozenset(named & SERVICES.keys() - {"clients"})


def _on_chain(lab: Lab, chain: frozenset[str], within_s: float = tried.HOUR_S) -> int:
    recent = lab.store.changes.list(since=time.time() - within_s)
    return sum(each.component in chain for each in recent)
