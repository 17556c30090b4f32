from __future__ import annotations

import pytest
from opentelemetry.metrics import CallbackOptions
from redis.exceptions import ConnectionError as RedisConnectionError

from services.ledger import backlog
from services.ledger.backlog import Backlog
from tests.support.fake_instrument import FakeInstrument

OPTIONS = CallbackOptions()


class Group:
    """A group whose backlog is told, or is away."""

    def __init__(self, answer: tuple[int | None, int] | Exception) -> None:
        self.answer = answer

    def backlog(self) -> tuple[int | None, int]:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def observed(subject: Backlog) -> tuple[list[float], list[float]]:
    lag = [observation.value for observation in subject._observe_lag(OPTIONS)]
    pending = [observation.value for observation in subject._observe_pending(OPTIONS)]
    return lag, pending


def test_nothing_is_reported_before_redis_was_asked() -> None:
    assert observed(Backlog(Group((3, 2)), "s")) == ([], [])


def test_lag_and_pending_are_reported() -> None:
    subject = Backlog(Group((3, 2)), "s")
    subject.step()
    assert observed(subject) == ([3], [2])


def test_an_unknown_lag_is_not_reported_as_zero() -> None:
    subject = Backlog(Group((None, 2)), "s")
    subject.step()
    assert observed(subject) == ([], [2])


def test_redis_away_leaves_a_gap() -> None:
    group = Group((3, 2))
    subject = Backlog(group, "s")
    subject.step()
    group.answer = RedisConnectionError("away")
    subject.step()
    assert observed(subject) == ([], [])


def test_messages_are_counted_by_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    counter = FakeInstrument()
    monkeypatch.setattr(backlog, "_messages", counter)
    backlog.count("s", "booked")
    assert counter.calls == [(1, {"stream": "s", "outcome": "booked"})]
