"""What the script does around an injection: something harmless just before it, on the same path, and something after.

So the newest change is not the answer, nor the only one on its component.
"""

from __future__ import annotations

import random
import time
from dataclasses import replace

from labctl.lab.lab import Lab
from labctl.model.fault import Fault
from labctl.model.services import SERVICES
from labctl.operate import steps
from labctl.play.director import choosing, history, making

LEAST_ON_CHAIN = 2


def before_injection(lab: Lab, fault: Fault, seed: int | None = None) -> None:
    """Make a quick change on the fault's chain, or two, and see that the last hour's feed is as usual.

    With a seed, the script goes on by it. For a caller that holds the lab; does nothing in a lab in which nobody else
    works. Raises LabctlError.
    """
    script = lab.store.script.read()
    if script is None or not script.playing:
        return
    if seed is not None:
        script = replace(script, seed=seed, base=script.next)
    history.refresh(lab, steps.seed_of(script))
    chain = components(fault)
    wanted = random.Random(f"{steps.seed_of(script)}/before").choice((1, 1, 2))
    for _ in range(wanted):
        script = making.quick(lab, script, chain)
    if _on_chain(lab, chain) < LEAST_ON_CHAIN:
        making.quick(lab, script, chain)


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


def _on_chain(lab: Lab, chain: frozenset[str]) -> int:
    recent = lab.store.changes.list(since=time.time() - history.HOUR_S)
    return sum(each.component in chain for each in recent)
