"""Asking Prometheus many queries in few requests, where one that is refused takes no other with it."""

from __future__ import annotations

from collections.abc import Sequence

from labctl.base.errors import LookupFailedError
from labctl.lookups.prometheus import PrometheusClient
from labctl.model.samples import Series

Found = dict[str, list[Series] | LookupFailedError]


def ranges(client: PrometheusClient, queries: Sequence[str], start: float, end: float, step: float) -> Found:
    """Return the curves of each query, or why it was refused.

    They are asked in one request. When that is refused, its halves are asked, down to the query that is wrong; alone, a
    query may be for a number, too. Raises LabStateError when Prometheus is down.
    """
    each = list(dict.fromkeys(queries))
    if not each:
        return {}
    try:
        if len(each) == 1:
            return {each[0]: client.query_range(each[0], start, end, step)}
        return dict(zip(each, client.query_ranges(each, start, end, step), strict=True))
    except LookupFailedError as refused:
        if len(each) == 1:
            return {each[0]: refused}
        half = len(each) // 2
        return {**ranges(client, each[:half], start, end, step), **ranges(client, each[half:], start, end, step)}
