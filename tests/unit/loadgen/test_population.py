from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadgen import population
from loadgen.population import (
    BUSINESS_SHARE,
    CUSTOMERS,
    HEAD,
    HEAD_SHARE,
    MERCHANTS,
    POLLING_RANK,
    BackOffices,
    Customer,
    Customers,
)

SEED_SQL = (Path(__file__).parents[3] / "compose/postgres/seed.sql").read_text()
DRAWS = 20_000


def draws(seed: int = 1) -> list[Customer]:
    customers = Customers(seed)
    return [customers.draw() for _ in range(DRAWS)]


def test_every_rank_has_an_id_of_its_own() -> None:
    assert {Customer(rank).id for rank in range(CUSTOMERS)} == set(range(1, CUSTOMERS + 1))
    assert {population.merchant_id(rank) for rank in range(MERCHANTS)} == set(range(1, MERCHANTS + 1))


def test_the_head_makes_its_share_of_the_traffic() -> None:
    head = sum(customer.rank < HEAD for customer in draws())
    assert head / DRAWS == pytest.approx(HEAD_SHARE, abs=0.01)


def test_the_head_falls_off_by_rank() -> None:
    counts = Counter(customer.rank for customer in draws())
    first, tenth, last = (sum(counts[rank] for rank in range(low, low + 10)) for low in (0, 90, 190))
    assert first > 2 * tenth > 2 * last > 0


def test_the_tail_is_drawn_from_evenly() -> None:
    tail = [customer.rank for customer in draws() if customer.rank >= HEAD]
    assert max(tail) < CUSTOMERS
    middle = (HEAD + CUSTOMERS) / 2
    assert sum(rank < middle for rank in tail) / len(tail) == pytest.approx(0.5, abs=0.05)


def test_the_same_seed_draws_the_same() -> None:
    assert draws(3) == draws(3)
    assert draws(3) != draws(4)


def test_there_are_eight_businesses_and_they_get_traffic() -> None:
    assert [rank for rank in range(CUSTOMERS) if Customer(rank).business] == [41, 60, 65, 76, 141, 160, 165, 176]
    assert {Customer(rank).currency for rank in (41, 60, 65, 76)} == {"GBP", "USD"}
    assert sum(customer.business for customer in draws()) / DRAWS == pytest.approx(BUSINESS_SHARE, abs=0.005)


@given(seed=st.integers(), count=st.integers(100, 400))
def test_every_window_of_traffic_has_its_share_of_businesses(seed: int, count: int) -> None:
    customers = Customers(seed)
    businesses = sum(customers.draw().business for _ in range(count))
    assert businesses == pytest.approx(BUSINESS_SHARE * count, abs=2.5)


def test_popular_merchants_are_drawn_most() -> None:
    rng = random.Random(1)
    counts = Counter(population.pick_merchant(rng) for _ in range(DRAWS))
    assert counts.most_common(1)[0][0] in {population.merchant_id(rank) for rank in range(3)}
    assert set(counts) <= set(range(1, MERCHANTS + 1))


@given(seed=st.integers(), count=st.integers(30, 200))
def test_every_window_of_looks_has_its_share_of_the_merchant_that_polls(seed: int, count: int) -> None:
    offices, rng = BackOffices(seed), random.Random(1)
    polls = sum(offices.draw(rng) == population.merchant_id(POLLING_RANK) for _ in range(count))
    assert polls == pytest.approx(population.POLLING_SHARE * count, abs=4)


def test_other_merchants_look_by_popularity() -> None:
    offices, rng = BackOffices(1), random.Random(1)
    counts = Counter(offices.draw(rng) for _ in range(DRAWS))
    assert [merchant for merchant, _ in counts.most_common(2)] == [population.merchant_id(r) for r in (POLLING_RANK, 0)]


@given(rank=st.integers(0, CUSTOMERS - 1), seed=st.integers(0, 1000))
def test_amounts_are_what_the_gateway_accepts(rank: int, seed: int) -> None:
    amount = population.pick_amount(Customer(rank), random.Random(seed))
    assert isinstance(amount, int)
    assert 100 <= amount <= 99_999_999


def test_businesses_pay_a_little_more() -> None:
    rng = random.Random(1)
    business = sum(population.pick_amount(Customer(41), rng) for _ in range(500))
    consumer = sum(population.pick_amount(Customer(0), rng) for _ in range(500))
    assert consumer < business < 1.5 * consumer


def test_schemes_and_currencies_are_known_to_the_gateway() -> None:
    rng = random.Random(1)
    assert {population.pick_scheme(rng) for _ in range(500)} == {"visa", "mastercard", "amex"}
    assert {Customer(rank).currency for rank in range(1000)} == {"EUR", "GBP", "USD"}


@pytest.mark.parametrize(
    "formula",
    [
        "(r * 7919) % 50000 + 1",
        "(r * 1231) % 2000 + 1",
        "(merchant_rank * 1231) % 2000 + 1",
        "(r * 37) % 100 AS country_share",
        "r < 200 AND country_share IN (5, 12, 17, 20) AS business",
        "business THEN 7.65 ELSE 7.6",
        "country_share < 14 THEN 'GBP' WHEN country_share < 22 THEN 'USD' ELSE 'EUR'",
        "(r + 3) ^ -0.9",
    ],
)
def test_the_history_is_made_by_the_same_formulas(formula: str) -> None:
    assert formula in re.sub(r"\s+", " ", SEED_SQL)
