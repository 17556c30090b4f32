"""Which incidents are played: hidden ones, by the first seeds that draw each fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice, product

from labctl.base.errors import CatalogueError

MOST_SEEDS = 100_000
FIRST_SEED = 1


@dataclass(frozen=True)
class Planned:
    """One hidden incident; `seed` draws its fault and all else that may vary. The fault is for the bench alone."""

    fog: str
    fault: str
    draw: int
    """From 1."""
    seed: int

    @property
    def name(self) -> str:
        """What it is called where it is kept: tells the seed, and no fault."""
        return f"{self.fog}-{self.seed}"


def planned(
    faults: Sequence[str], fogs: Sequence[str], draws: int, drawn: Callable[[int], str], first: int = FIRST_SEED
) -> list[Planned]:
    """Return every incident, those of one draw and one fog together; `drawn` says which fault a seed draws.

    Every incident has a seed of its own: none is drawn twice, under whichever fog.
    """
    found = _seeds(faults, len(fogs) * draws, drawn, first)
    return [
        Planned(fog, fault, draw, next(found[fault])) for draw, fog, fault in product(range(1, draws + 1), fogs, faults)
    ]


def _seeds(faults: Sequence[str], each: int, drawn: Callable[[int], str], first: int) -> dict[str, Iterator[int]]:
    missing = dict.fromkeys(faults, each)
    found: dict[str, list[int]] = {fault: [] for fault in faults}
    for seed in islice(count(first), MOST_SEEDS):
        if not any(missing.values()):
            break
        fault = drawn(seed)
        if missing.get(fault):
            missing[fault] -= 1
            found[fault].append(seed)
    lacking = [fault for fault, left in missing.items() if left]
    if lacking:
        raise CatalogueError(
            f"no seed draws {', '.join(lacking)} in this lab",
            expected="faults that show at its load, on this host",
            todo="choose a higher --rps",
        )
    return {fault: iter(seeds) for fault, seeds in found.items()}
