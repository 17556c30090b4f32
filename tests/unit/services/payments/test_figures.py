from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.common import deadline, wire
from services.common.database import DatabaseUnavailableError, PoolTimeoutError, QueryTimeoutError
from services.common.deadline import DeadlineExceededError
from services.payments.figures import FIGURES, NONE, Patience, figures

FOUND: dict[str, object] = {"summary": []}
CANCELLED = QueryTimeoutError("the statement took too long and was cancelled")


@dataclass
class Query:
    """Fails so many times, then finds; notes what it was asked for, and every pause."""

    failures: float = 0
    error: Exception = CANCELLED
    asked: list[tuple[int, float]] = field(default_factory=list)
    pauses: list[tuple[int, float]] = field(default_factory=list)
    """After how many attempts, and for how long."""

    def sleep(self, seconds: float) -> None:
        self.pauses.append((len(self.asked), seconds))

    def __call__(self, merchant_id: int, seconds: float) -> dict[str, object]:
        self.asked.append((merchant_id, seconds))
        if len(self.asked) <= self.failures:
            raise self.error
        return FOUND


def ask(query: Query, attempts: int = 3, pause: float = 0.25) -> dict[str, object]:
    return figures(query, 7, Patience(0.05, attempts, pause), sleep=query.sleep)


def test_what_is_found_at_once_is_asked_for_once_within_the_limit() -> None:
    query = Query()
    assert ask(query) == FOUND
    assert (query.asked, query.pauses) == ([(7, 0.05)], [])


def test_what_takes_too_long_is_tried_again_at_once() -> None:
    query = Query(failures=1)
    assert ask(query) == FOUND
    assert (query.asked, query.pauses) == ([(7, 0.05)] * 2, [])


def test_before_the_last_attempt_there_is_a_pause() -> None:
    query = Query(failures=2)
    assert ask(query) == FOUND
    assert (query.asked, query.pauses) == ([(7, 0.05)] * 3, [(2, 0.25)])


def test_what_always_takes_too_long_is_left_out() -> None:
    query = Query(failures=9)
    assert ask(query) == NONE
    assert (len(query.asked), query.pauses) == (3, [(2, 0.25)])
    assert set(NONE.values()) == {None}


@given(st.integers(1, 10), st.integers(0, 12))
def test_it_is_tried_until_it_is_found_and_waited_for_before_the_last_attempt_alone(
    attempts: int, failures: int
) -> None:
    query = Query(failures)
    assert ask(query, attempts) == (FOUND if failures < attempts else NONE)
    assert len(query.asked) == min(attempts, failures + 1)
    waited = 1 < attempts == len(query.asked)
    assert query.pauses == ([(attempts - 1, 0.25)] if waited else [])


def test_every_attempt_that_took_too_long_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        ask(Query(failures=9))
    assert [(each.levelname, vars(each)["merchant_id"], vars(each)["attempt"]) for each in caplog.records] == [
        ("WARNING", 7, 1),
        ("WARNING", 7, 2),
        ("WARNING", 7, 3),
    ]


@pytest.mark.parametrize("error", [PoolTimeoutError("no connection"), DatabaseUnavailableError("gone"), KeyError("x")])
def test_another_trouble_is_not_left_out(error: Exception) -> None:
    query = Query(failures=1, error=error)
    with pytest.raises(type(error)):
        ask(query)
    assert len(query.asked) == 1


def test_the_pause_is_cut_to_what_the_request_has_left() -> None:
    query = Query(failures=2)
    with deadline.limit(10):
        ask(query, pause=60)
    ((_, seconds),) = query.pauses
    assert seconds <= 10


def test_a_request_without_time_is_given_up_instead_of_tried_again() -> None:
    query = Query(failures=9)
    with deadline.limit(0), pytest.raises(DeadlineExceededError):
        ask(query)
    assert (len(query.asked), query.pauses) == (1, [])


def test_everything_that_is_left_out_is_what_the_statement_yields() -> None:
    # Of sub-queries, the columns' names are those that stand after the outermost brackets.
    flat, depth = "", 0
    for letter in FIGURES.text:
        depth += (letter == "(") - (letter == ")")
        flat += letter if depth == 0 else ""
    assert re.findall(r"\) AS (\w+)", flat) == list(NONE)


@pytest.mark.parametrize(("kind", "known"), [("scheme", wire.SCHEMES), ("currency", wire.CURRENCIES)])
def test_it_names_the_schemes_and_currencies_that_there_are(kind: str, known: tuple[str, ...]) -> None:
    named = re.findall(rf"VALUES ([^A]*)\) AS \w+\({kind}\)", FIGURES.text)
    assert len(named) == 2
    assert all(set(re.findall(r"'(\w+)'", each)) == set(known) for each in named)
