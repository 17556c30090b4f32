from __future__ import annotations

import re
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ledger.bookkeeping import CREDIT, DEBIT, Leg, fee, legs
from services.ledger.events import CAPTURED, MOST_AMOUNT, REFUNDED, PaymentEvent

SEED_SQL = (Path(__file__).parents[4] / "compose/postgres/seed.sql").read_text()
ID = UUID("8866a054-f772-44bf-b84a-ed732821be07")

amounts = st.integers(1, MOST_AMOUNT)
events = st.builds(
    PaymentEvent,
    event_id=st.just(ID),
    kind=st.sampled_from([CAPTURED, REFUNDED]),
    payment_id=st.just(ID),
    merchant_id=st.integers(1, 2000),
    amount_minor=amounts,
    currency=st.sampled_from(["EUR", "GBP", "USD"]),
)


def event(kind: str, amount: int) -> PaymentEvent:
    return PaymentEvent(ID, kind, ID, 5, amount, "EUR")


def total(booked: tuple[Leg, ...], direction: str) -> int:
    return sum(leg.amount_minor for leg in booked if leg.direction == direction)


@given(events)
def test_debits_equal_credits_and_the_amount(happened: PaymentEvent) -> None:
    booked = legs(happened)
    assert total(booked, DEBIT) == total(booked, CREDIT) == happened.amount_minor


@given(events)
def test_every_leg_is_above_zero_and_on_an_account_of_its_own(happened: PaymentEvent) -> None:
    booked = legs(happened)
    assert all(leg.amount_minor > 0 for leg in booked)
    assert len({leg.account for leg in booked}) == len(booked) >= 2
    assert all(leg.account.endswith(f":{happened.currency}") for leg in booked)


@given(amounts)
def test_the_fee_is_never_negative_and_never_everything(amount: int) -> None:
    assert 0 <= fee(amount) < amount


@given(amounts, amounts)
def test_a_higher_amount_never_costs_less(amount: int, more: int) -> None:
    assert fee(amount + more) >= fee(amount)


@pytest.mark.parametrize(("amount", "expected"), [(1, 0), (2, 1), (21, 20), (100, 21), (1000, 34), (100_000, 1420)])
def test_fees(amount: int, expected: int) -> None:
    assert fee(amount) == expected


def test_a_capture() -> None:
    assert legs(event(CAPTURED, 1000)) == (
        Leg("acquirer:EUR", DEBIT, 1000),
        Leg("merchant:5:EUR", CREDIT, 966),
        Leg("fees:EUR", CREDIT, 34),
    )


def test_a_capture_of_one_cent_has_no_fee() -> None:
    assert legs(event(CAPTURED, 1)) == (Leg("acquirer:EUR", DEBIT, 1), Leg("merchant:5:EUR", CREDIT, 1))


def test_a_refund_goes_the_other_way() -> None:
    assert legs(event(REFUNDED, 400)) == (Leg("merchant:5:EUR", DEBIT, 400), Leg("acquirer:EUR", CREDIT, 400))


def test_the_history_was_booked_by_the_same_rules() -> None:
    sql = re.sub(r"\s+", " ", SEED_SQL)
    assert "least(amount_minor - 1, amount_minor * 14 / 1000 + 20) AS fee" in sql
    assert "('acquirer', 'debit', amount_minor), ('merchant:' || merchant_id, 'credit', amount_minor - fee)" in sql
    assert "('merchant:' || p.merchant_id, 'debit'), ('acquirer', 'credit')" in sql
