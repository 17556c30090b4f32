from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.common.database import QueryTimeoutError
from services.common.problem import ProblemError
from services.payments import history
from services.payments.figures import NONE, Patience
from services.payments.model import Payment
from tests.support.payments_world import World

START = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
PATIENCE = Patience(seconds=0.05, attempts=2, pause=0.0)


def payment(number: int) -> Payment:
    # Pairs share a moment: the id has to decide between them.
    at = START + timedelta(seconds=number // 2)
    return Payment(UUID(int=number), 1, 2, 100, "EUR", "visa", "captured", at)


@pytest.fixture
def filled(world: World) -> World:
    world.payments = {UUID(int=number): payment(number) for number in range(25)}
    return world


def test_pages_cover_everything_once_latest_first(filled: World) -> None:
    seen: list[str] = []
    before: str | None = None
    while True:
        page = history.page(filled, 2, before, 10, PATIENCE)
        items = page["items"]
        assert isinstance(items, list)
        seen += [item["payment_id"] for item in items]
        before = str(page["next"]) if page["next"] else None
        if before is None:
            break
    assert seen == [str(UUID(int=number)) for number in reversed(range(25))]


def test_a_last_page_that_is_full_has_no_next(filled: World) -> None:
    assert history.page(filled, 2, None, 25, PATIENCE)["next"] is None
    assert history.page(filled, 2, None, 24, PATIENCE)["next"] is not None


def test_an_unknown_merchant_has_an_empty_page(filled: World) -> None:
    page = history.page(filled, 99, None, 10, PATIENCE)
    assert (page["items"], page["next"], page["summary"]) == ([], None, [])


def test_the_first_page_alone_brings_the_figures(filled: World) -> None:
    first = history.page(filled, 2, None, 10, PATIENCE)
    assert first["summary"] == [{"currency": "EUR", "payments": 25, "amount_minor": 2500}]
    assert set(first) == {"items", "next", *NONE}
    assert set(history.page(filled, 2, str(first["next"]), 10, PATIENCE)) == {"items", "next"}


def test_figures_that_take_too_long_are_left_out_and_nothing_else_is(filled: World) -> None:
    whole = history.page(filled, 2, None, 10, PATIENCE)
    filled.figures_error = QueryTimeoutError("cancelled")
    assert history.page(filled, 2, None, 10, PATIENCE) == {**whole, **NONE}


def test_a_page_without_figures_does_not_wait_for_them(filled: World) -> None:
    first = history.page(filled, 2, None, 10, PATIENCE)
    filled.figures_error = RuntimeError("asked for them all the same")
    assert set(history.page(filled, 2, str(first["next"]), 10, PATIENCE)) == {"items", "next"}


@given(st.datetimes(timezones=st.just(UTC)), st.uuids())
def test_cursor_round_trip(at: datetime, payment_id: UUID) -> None:
    one = Payment(payment_id, 1, 2, 100, "EUR", "visa", "captured", at)
    assert history.decode(history.encode(one)) == (at, payment_id)


@given(st.text(max_size=80) | st.text("ABCabc012-_", max_size=80))
def test_any_text_is_a_cursor_or_a_problem(text: str) -> None:
    try:
        at, _ = history.decode(text)
    except ProblemError as problem:
        assert problem.status == 400  # noqa: PT017
    else:
        assert at.tzinfo is UTC


@pytest.mark.parametrize("raw", ["", "x", "2026-01-02 nope", "0001-01-01T00:00:00+23:59 " + str(UUID(int=1)), "a b c"])
def test_what_we_did_not_make(raw: str) -> None:
    with pytest.raises(ProblemError, match="not a cursor"):
        history.decode(base64.urlsafe_b64encode(raw.encode()).decode())
