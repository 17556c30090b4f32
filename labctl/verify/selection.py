"""Selects the faults to verify: those named, all, or those that a change touches; of these, one shard.

Every machine computes the same shards, and each shard takes about equally long.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from labctl.base.errors import InputError
from labctl.base.paths import bundle_root
from labctl.catalogue import catalogue
from labctl.model.fault import RATE_OF_BUDGETS, Fault
from labctl.verify import affected, git
from labctl.verify.verification_record import Record

AROUND_S = 35.0
"""Seconds that a verification takes besides waiting for the page: two steady states, the signature, two roll-outs."""
OF_THE_DUE = 0.5
"""The page usually comes after about this share of the time in which it is due."""


@dataclass(frozen=True)
class Shard:
    """The `number`-th (from 1) of `count` parts."""

    number: int
    count: int


def select(
    known: Sequence[Fault], ids: Sequence[str], *, everything: bool, changed: str | None, shard: str | None
) -> list[Fault]:
    """Return those of the `known` faults that the options select, each once.

    Raises InputError, or NotFoundError with the nearest fault or revision.
    """
    meant = parse_shard(shard) if shard is not None else None
    if sum((bool(ids), everything, changed is not None)) != 1:
        raise InputError(
            "say which faults to verify, in one way",
            expected="their ids, or --all, or --changed BASE; or --soak alone",
            todo=catalogue.SEE,
        )
    chosen = _chosen(known, ids, changed)
    return part(chosen, meant) if meant else chosen


def _chosen(known: Sequence[Fault], ids: Sequence[str], changed: str | None) -> list[Fault]:
    if ids:
        return [catalogue.by_id(each, known) for each in dict.fromkeys(ids)]
    if changed is None:
        return list(known)
    root = bundle_root()
    return affected.touched(known, git.changed_files(root, changed), root)


def parse_shard(text: str) -> Shard:
    """Return the shard that "2/3" means. Raises InputError."""
    found = re.fullmatch(r"([0-9]{1,4})/([0-9]{1,4})", text, re.ASCII)
    number, count = (int(each) for each in found.groups()) if found else (0, 0)
    if not 1 <= number <= count:
        raise InputError(f"--shard: '{text}' is not a part of a whole", expected="i/n with i from 1 to n, such as 2/3")
    return Shard(number, count)


def part(faults: Sequence[Fault], shard: Shard) -> list[Fault]:
    """Return the faults of one shard, in their order: the longest are dealt first, each to the least loaded shard."""
    loads = [0.0] * shard.count
    mine: set[str] = set()
    for fault in sorted(faults, key=lambda each: (-estimate(each), each.id)):
        least = loads.index(min(loads))
        loads[least] += estimate(fault)
        if least == shard.number - 1:
            mine.add(fault.id)
    return [fault for fault in faults if fault.id in mine]


def estimate(fault: Fault, rps: float = RATE_OF_BUDGETS) -> float:
    """Return the seconds that verifying a fault takes, judged by its file alone."""
    return AROUND_S + OF_THE_DUE * fault.page_due_s(rps)


def expected(fault: Fault, rps: float, records: Iterable[Record]) -> float:
    """Return the seconds that a fault's next verification may take: as long as its longest so far, or the estimate."""
    seen = [record.timing.total_s for record in records if record.fault == fault.id]
    return max(seen) if seen else estimate(fault, rps)
