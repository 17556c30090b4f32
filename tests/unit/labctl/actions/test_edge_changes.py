from __future__ import annotations

import pytest

from labctl.actions.edge_changes import Odd, compare
from labctl.lookups.topology import Edge


def edge(rate: float | None = 20.0, errors: float | None = 0.0, p95_s: float | None = 0.1) -> Edge:
    return Edge("payments", "risk", "HTTP", rate, errors, p95_s)


def odd(now: Edge, healthy: Edge, window_s: float = 60.0) -> tuple[Odd, Odd, Odd]:
    found = compare(now, [Edge("jobs", "postgres", "SQL", 1.0), healthy], window_s)
    return found.rate.odd, found.errors.odd, found.p95.odd


def test_what_is_as_it_was_is_not_odd() -> None:
    found = compare(edge(), [edge()], 60)
    assert not found.odd
    assert (found.rate.now, found.rate.healthy) == (20.0, 20.0)


@pytest.mark.parametrize(
    ("now", "expected"), [(31.0, Odd.MORE), (12.0, Odd.LESS), (25.0, Odd.NOT), (0.0, Odd.LESS), (None, Odd.GONE)]
)
def test_a_rate_differs_by_half_or_more(now: float | None, expected: Odd) -> None:
    assert odd(edge(now), edge(20.0))[0] is expected


def test_few_calls_scatter() -> None:
    assert odd(edge(0.4), edge(0.2))[0] is Odd.NOT
    assert odd(edge(40.0), edge(20.0))[0] is Odd.MORE


@pytest.mark.parametrize(
    ("now", "healthy", "rate", "expected"),
    [
        (0.05, 0.0, 20.0, Odd.MORE),
        (0.009, 0.0, 20.0, Odd.NOT),
        (0.05, 0.03, 20.0, Odd.NOT),
        (0.05, 0.0, 0.5, Odd.NOT),
        (1.0, 0.0, 0.2, Odd.MORE),
    ],
)
def test_errors_count_once_they_are_several_and_more_than_before(
    now: float, healthy: float, rate: float, expected: Odd
) -> None:
    assert odd(edge(rate, now), edge(rate, healthy))[1] is expected


@pytest.mark.parametrize(
    ("now", "healthy", "rate", "expected"),
    [
        (0.2, 0.1, 20.0, Odd.MORE),
        (0.05, 0.1, 20.0, Odd.LESS),
        (0.12, 0.1, 20.0, Odd.NOT),
        (0.009, 0.004, 20.0, Odd.NOT),
        (0.2, 0.1, 0.2, Odd.NOT),
    ],
)
def test_a_p95_differs_by_half_or_more_of_enough_calls(now: float, healthy: float, rate: float, expected: Odd) -> None:
    assert odd(edge(rate, 0.0, now), edge(rate, 0.0, healthy))[2] is expected


def test_without_healthy_figures_nothing_is_odd() -> None:
    assert not compare(edge(99.0, 1.0, 9.0), [], 60).odd
    assert not compare(edge(None, None, None), [edge(None, None, None)], 60).odd
