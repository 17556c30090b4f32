from __future__ import annotations

from services.common import deadline
from services.common.retry import RetryBudget, RetryPolicy


def policy(waits: list[float], *, attempts: int = 3, budget: RetryBudget | None = None) -> RetryPolicy:
    return RetryPolicy(
        attempts, backoff=0.1, longest_backoff=0.3, budget=budget, sleep=waits.append, jitter=lambda _low, high: high
    )


def test_stops_after_the_last_attempt() -> None:
    waits: list[float] = []
    assert [policy(waits).wait_for_next(made) for made in (1, 2, 3)] == [True, True, False]
    assert waits == [0.1, 0.2]


def test_backoff_has_a_ceiling() -> None:
    waits: list[float] = []
    assert policy(waits, attempts=9).wait_for_next(7)
    assert waits == [0.3]


def test_jitter_spreads_over_half_of_the_pause() -> None:
    bounds: list[tuple[float, float]] = []

    def jitter(low: float, high: float) -> float:
        bounds.append((low, high))
        return low

    assert RetryPolicy(2, backoff=0.1, sleep=lambda _: None, jitter=jitter).wait_for_next(1)
    assert bounds == [(0.05, 0.1)]


def test_never_waits_past_the_deadline() -> None:
    waits: list[float] = []
    budget = RetryBudget(capacity=1)
    with deadline.limit(0.05):
        assert not policy(waits, budget=budget).wait_for_next(1)
    assert waits == []
    assert budget.spend(), "a retry that was not made costs nothing"


def test_budget_limits_retries_to_a_share_of_the_calls() -> None:
    waits: list[float] = []
    limited = policy(waits, budget=RetryBudget(0.2, capacity=2))
    made = 0
    for _ in range(100):
        limited.started()
        made += limited.wait_for_next(1)
    assert 20 <= made <= 22


def test_budget_does_not_grow_without_end() -> None:
    budget = RetryBudget(0.5, capacity=2)
    for _ in range(100):
        budget.earn()
    assert [budget.spend() for _ in range(3)] == [True, True, False]


def test_one_attempt_is_the_default() -> None:
    assert not RetryPolicy().wait_for_next(1)
