from __future__ import annotations

import time

import pytest

from labctl.room.limits import MOST_KEYS, Limiter, Rate


def test_a_burst_then_a_steady_rate_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    limiter = Limiter(Rate(burst=3, per_s=2))
    assert [limiter.allows("a") for _ in range(4)] == [True, True, True, False]
    assert limiter.allows("b")
    now += 0.5
    assert [limiter.allows("a") for _ in range(2)] == [True, False]
    now += 100
    assert [limiter.allows("a") for _ in range(4)] == [True, True, True, False]


def test_it_does_not_grow_without_end() -> None:
    limiter = Limiter(Rate(1, 1))
    for number in range(MOST_KEYS * 2):
        limiter.allows(str(number))
    assert len(limiter._left) <= MOST_KEYS
