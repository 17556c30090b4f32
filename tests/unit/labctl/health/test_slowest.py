from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.health.slowest import nth, took
from labctl.model.samples import Series

BUCKETS = {0.1: 90.0, 0.2: 98.0, 0.5: 100.0, math.inf: 104.0}


@pytest.mark.parametrize(
    ("least", "seconds"),
    [
        (1, 0.5),  # longer than every bound
        (4, 0.5),
        (5, 0.35),  # half of those between 0.2 and 0.5 s are slower
        (6, 0.2),
        (10, 0.15),
        (104, 0.0),
        (105, 0.0),  # there are fewer
    ],
)
def test_what_the_nth_slowest_took_lies_within_its_bucket(least: float, seconds: float) -> None:
    assert nth(BUCKETS, least) == pytest.approx(seconds)


def test_without_requests_none_was_slow() -> None:
    assert nth({0.1: 0.0, math.inf: 0.0}, 1) == 0.0
    assert nth({}, 1) == 0.0


@given(st.lists(st.floats(0, 50), min_size=4, max_size=4), st.floats(1, 20))
def test_fewer_that_have_to_be_slow_took_no_less(counts: list[float], least: float) -> None:
    cumulative = [sum(counts[: n + 1]) for n in range(4)]
    buckets = dict(zip((0.1, 0.5, 1.0, math.inf), cumulative, strict=True))
    assert nth(buckets, least) <= nth(buckets, least / 2) <= 1.0


def test_every_endpoint_by_itself_at_every_time() -> None:
    series = [
        Series({"le": le, "endpoint": endpoint, "__name__": "b"}, ((1.0, count), (2.0, count * 2)))
        for endpoint, factor in (("lookup", 1.0), ("refund", 0.0))
        for le, count in (("0.5", 6.0 * factor), ("+Inf", 8.0 * factor))
    ]
    lookup, refund = (frozenset({("endpoint", each)}) for each in ("lookup", "refund"))
    found = took(series, 4)
    assert found[lookup] == {1.0: pytest.approx(0.5 * 4 / 6), 2.0: 0.5}
    assert found[refund] == {1.0: 0.0, 2.0: 0.0}
