"""Whether what labs show while another one is broken is more than they show anyway."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence

from bench.labs.seen import Seen

UNLIKELY = 0.01
"""A share of failed checkouts that chance brings about less often than this is more than noise."""


def slower(before: Mapping[str, Seen], after: Mapping[str, Seen], names: Sequence[str]) -> list[float]:
    """Return how many times as long checkouts of these labs took in the second window, at p95."""
    return [after[name].p95_s / before[name].p95_s for name in names]


def spread(first: Mapping[str, Seen], second: Mapping[str, Seen], names: Sequence[str]) -> float:
    """Return the factor by which p95 differs between two quiet windows, in the lab where it differs most."""
    return max(max(each, 1 / each) for each in slower(first, second, names))


def within(ratios: Sequence[float], factor: float) -> bool:
    """Whether labs in the middle are slower by no more than the factor by which quiet windows differ."""
    return statistics.median(ratios) <= factor


def chance_of_failures(quiet: Sequence[Seen], then: Sequence[Seen]) -> float:
    """Return how likely so many checkouts, or more, fail in the second set of windows if they fail as in the first.

    Of all that failed in both, each fell into the second by its share of all checkouts (an exact test of two counts).
    """
    failed, others = (round(sum(each.failed for each in seen)) for seen in (then, quiet))
    asked, all_asked = (sum(each.checkouts for each in seen) for seen in (then, (*then, *quiet)))
    share, count = asked / all_asked, failed + others
    return sum(math.comb(count, k) * share**k * (1 - share) ** (count - k) for k in range(failed, count + 1))
