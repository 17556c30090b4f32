"""Splitting the catalogue over several machines: the same split on each, about equally long."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from labctl.base.errors import InputError
from labctl.model.fault import Fault
from labctl.verify.expected_time import estimate


@dataclass(frozen=True)
class Shard:
    """The `number`-th (from 1) of `count` parts."""

    number: int
    count: int


def parse(text: str) -> Shard:
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
