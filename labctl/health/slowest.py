"""How long the n-th slowest request took, by a histogram's buckets: cumulative counts by their upper bounds."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping

from labctl.model.samples import Series

Labels = frozenset[tuple[str, str]]
Buckets = Mapping[float, float]
"""How many requests took no longer than a bound, by the bound; the last one is infinite."""


def took(series: Iterable[Series], least: float) -> dict[Labels, dict[float, float]]:
    """Return the seconds that the `least`-th slowest request took at each time, by the labels except `le`."""
    found: dict[Labels, dict[float, dict[float, float]]] = defaultdict(lambda: defaultdict(dict))
    for each in series:
        bound = float(each.labels["le"])
        labels = frozenset((name, value) for name, value in each.labels.items() if name not in ("le", "__name__"))
        for at, count in each.points:
            found[labels][at][bound] = count
    return {labels: {at: nth(buckets, least) for at, buckets in times.items()} for labels, times in found.items()}


def nth(buckets: Buckets, least: float) -> float:
    """Return the seconds that the `least`-th slowest request took.

    Requests count as spread evenly within a bucket, as in `histogram_quantile`. Zero where there are fewer requests;
    the highest finite bound where the request took longer than that.
    """
    rank = buckets.get(math.inf, 0.0) - least
    if rank < 0:
        return 0.0
    lower, below = 0.0, 0.0
    for bound, count in sorted(buckets.items()):
        if count > rank:
            return lower if math.isinf(bound) else lower + (bound - lower) * (rank - below) / (count - below)
        lower, below = (lower if math.isinf(bound) else bound), count
    return lower
