from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.risk.features import UNKNOWN, Features
from services.risk.scoring import DECLINE_FROM, LARGE_MINOR, REVIEW_FROM, assess, decide
from tests.support.risk_examples import REGULAR

counts = st.integers(0, 10_000)
countries = st.sampled_from(["DE", "FR", "GB", "US"])
customers = st.builds(
    Features,
    home_country=countries,
    account_days=st.integers(0, 2_000),
    payments=counts,
    mean_minor=st.integers(0, 10**6),
    stddev_minor=st.integers(0, 10**6),
    countries=st.lists(countries, unique=True).map(tuple),
    busiest_hour=st.integers(0, 500),
)


def test_a_usual_payment_is_no_risk() -> None:
    result = assess(REGULAR, 2_500, "FR")
    assert (result.decision, result.score, result.reasons) == ("approve", 0.0, ())


def test_an_amount_far_above_the_usual_is_a_reason() -> None:
    usual_at_most = REGULAR.mean_minor + 4 * REGULAR.stddev_minor
    assert assess(REGULAR, usual_at_most, "FR").reasons == ()
    assert assess(REGULAR, usual_at_most + 1, "FR").reasons == ("amount-above-usual",)


def test_ten_times_the_usual_amount_is_reviewed() -> None:
    assert assess(REGULAR, 10 * REGULAR.mean_minor + 1, "FR").decision == "review"


def test_nothing_is_usual_for_a_customer_with_two_payments() -> None:
    novice = replace(REGULAR, payments=2)
    assert "amount-above-usual" not in assess(novice, 90_000, "FR").reasons


@pytest.mark.parametrize("novice", [replace(REGULAR, payments=2), replace(REGULAR, account_days=29), UNKNOWN])
def test_a_new_customer_is_a_reason(novice: Features) -> None:
    assert "new-customer" in assess(novice, 100, novice.home_country).reasons


def test_a_new_customer_who_spends_a_lot_is_reviewed() -> None:
    assert assess(UNKNOWN, LARGE_MINOR - 1, None).decision == "approve"
    assert assess(UNKNOWN, LARGE_MINOR, None).decision == "review"


def test_a_country_never_paid_in_is_a_reason() -> None:
    assert assess(REGULAR, 2_000, "US").reasons == ("new-country",)


def test_home_is_never_a_new_country() -> None:
    assert assess(replace(REGULAR, countries=()), 2_000, "DE").reasons == ()


def test_an_unknown_merchant_country_is_no_reason() -> None:
    assert assess(REGULAR, 2_000, None).reasons == ()


def test_a_burst_is_measured_against_a_usual_day() -> None:
    # 178 payments in 89 days are two a day: up to twelve within an hour are usual.
    assert assess(replace(REGULAR, busiest_hour=12), 2_000, "FR").reasons == ()
    assert assess(replace(REGULAR, busiest_hour=13), 2_000, "FR").reasons == ("burst-of-payments",)


def test_a_business_with_many_payments_a_day_is_no_burst() -> None:
    business = replace(REGULAR, payments=6_777, busiest_hour=11)
    assert assess(business, 2_000, "FR").reasons == ()


def test_everything_at_once_is_declined() -> None:
    stolen = replace(REGULAR, account_days=2, busiest_hour=40)
    assert assess(stolen, 500_000, "US").decision == "decline"


@pytest.mark.parametrize(
    ("score", "decision"),
    [
        (0.0, "approve"),
        (REVIEW_FROM - 0.001, "approve"),
        (REVIEW_FROM, "review"),
        (DECLINE_FROM - 0.001, "review"),
        (DECLINE_FROM, "decline"),
        (1.0, "decline"),
    ],
)
def test_decisions_by_score(score: float, decision: str) -> None:
    assert decide(score) == decision


@given(customer=customers, amount=st.integers(1, 10**8), country=st.none() | countries)
def test_a_score_is_a_share_and_has_reasons_exactly_when_it_is_above_zero(
    customer: Features, amount: int, country: str | None
) -> None:
    result = assess(customer, amount, country)
    assert 0.0 <= result.score <= 1.0
    assert (result.score > 0) == bool(result.reasons)
    assert result.decision == decide(result.score)


@given(customer=customers, amount=st.integers(1, 10**8), more=st.integers(0, 10**8), country=countries)
def test_a_higher_amount_is_never_less_risky(customer: Features, amount: int, more: int, country: str) -> None:
    assert assess(customer, amount + more, country).score >= assess(customer, amount, country).score
