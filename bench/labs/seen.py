"""What is seen of labs over a window: how long checkouts take, how many fail, and what each lab uses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench import queries
from labctl.base import progress
from labctl.base.errors import LabStateError
from labctl.base.waiting import pause
from labctl.docker import usage
from labctl.docker.usage import Usage
from labctl.lab.lab import Lab
from labctl.operate import cost
from labctl.operate.cost import Cost


@dataclass(frozen=True)
class Seen:
    """One lab over one window."""

    p95_s: float
    checkouts: float
    failed: float
    use: Mapping[str, Cost]
    """By service: memory at the window's end, CPU over the window."""

    @property
    def whole(self) -> Cost:
        """What the lab uses in all."""
        return cost.together(self.use.values())


def look(labs: Sequence[Lab], seconds: int, what: str) -> dict[str, Seen]:
    """Wait for a window of so many seconds, and return what was seen of each lab in it, by its name."""
    containers = [each for lab in labs for each in lab.stack.ps()]
    docker = labs[0].stack.docker
    before = cost.looks(docker, containers)
    with progress.step(f"{what}: {seconds} s"):
        pause(seconds)
    after = cost.looks(docker, containers)
    return {lab.name: _seen(lab, seconds, before, after) for lab in labs}


def _seen(lab: Lab, seconds: int, before: Mapping[str, Usage], after: Mapping[str, Usage]) -> Seen:
    asked = (queries.checkout_latency(0.95, seconds), queries.checkouts(seconds), queries.failed_checkouts(seconds))
    p95_s, checkouts, failed = lab.metrics.scalars(asked)
    if p95_s is None or not checkouts:
        raise LabStateError(f"the lab '{lab.name}' measured nothing", expected="checkouts", todo="see `labctl status`")
    return Seen(p95_s, checkouts, failed or 0.0, use_between(lab, before, after))


def use_between(lab: Lab, before: Mapping[str, Usage], after: Mapping[str, Usage]) -> dict[str, Cost]:
    """Return what each service of a lab used between two looks; containers that came or went are left out."""
    found: dict[str, Cost] = {}
    for each in lab.stack.ps():
        if each.id in before and each.id in after:
            cores = usage.cores(before[each.id], after[each.id])
            found[each.service] = found.get(each.service, Cost()) + Cost(after[each.id].memory_mb, cores)
    return dict(sorted(found.items()))
