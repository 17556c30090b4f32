"""One step of the script: the first change of several that the lab allows as it is, and that changes anything."""

from __future__ import annotations

import random
import time
from collections.abc import Collection, Iterable, Sequence

from labctl.catalogue import colleagues
from labctl.lab.lab import Lab
from labctl.model.colleague import ROLLS_OUT, ChangeKind, ColleaguesChange
from labctl.operate import steps
from labctl.play.director import choosing
from labctl.state.script import Script

LEFT_OUT = frozenset({ChangeKind.RELEASE, ChangeKind.TRAFFIC})
"""What is not quick: what takes too long near an injection, and what would change how a fault shows."""
SWIFT = 0.6
"""How often a quick change replaces no container."""


def first(lab: Lab, script: Script, candidates: Iterable[ColleaguesChange], due: float) -> tuple[Script, bool]:
    """Make the first of the changes that fits; return the script after it, and whether one did. Raises LabctlError."""
    scene = choosing.scene(lab, script)
    for change in candidates:
        if scene.allows(change):
            after = steps.make(lab, script, change, due)
            if len(after.made) > len(script.made):
                return after, True
            script = after
    return script, False


def quick(
    lab: Lab,
    script: Script,
    places: Collection[str],
    *,
    avoid: Collection[tuple[str, str]] = (),
    still: Collection[str] = (),
) -> Script:
    """Make the first quick change that fits, if possible at `places`; where none does any more, take one back.

    What is in `avoid`, a component and a kind, comes last; services in `still` are not rolled out, neither there nor
    back. Raises LabctlError.
    """
    due = max(script.due, time.time())
    wanted = [each for each in _quick_ones(script) if each.kind not in ROLLS_OUT or str(each.component) not in still]
    wanted.sort(key=lambda each: ((str(each.component), str(each.kind)) in avoid, str(each.component) not in places))
    script, made = first(lab, script, wanted, due)
    if not made:
        for each in script.made:
            moves = each.kind in ROLLS_OUT and each.component in still
            if each.component in places and each.until is None and not moves and not steps.covered(lab, each):
                return steps.take_back(lab, script, each, due)
    return script


def _quick_ones(script: Script) -> Sequence[ColleaguesChange]:
    """Return the changes that take no more than a few seconds, in a drawn order: roll-outs first, or last."""
    swift = random.Random(f"{steps.seed_of(script)}/swift").random() < SWIFT
    ordered = [each for each in choosing.order(script, colleagues.usable()[0]) if each.kind not in LEFT_OUT]
    return sorted(ordered, key=lambda each: (each.kind in ROLLS_OUT) == swift)
