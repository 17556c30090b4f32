"""Who pays whom: the same ranks, weights and amounts as the database's history (compose/postgres/seed.sql)."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

CUSTOMERS = 50_000
MERCHANTS = 2_000
HEAD = 200
"""The busiest ranks: few customers make most of the traffic, so a cache of them serves it."""
HEAD_SHARE = 0.925
SCHEMES = ("visa", "mastercard", "amex")
SCHEME_WEIGHTS = (0.55, 0.38, 0.07)


@dataclass(frozen=True)
class Customer:
    """A customer by rank, busiest first."""

    rank: int

    @property
    def id(self) -> int:
        """From 1 to 50,000; tells nothing of the rank."""
        return self.rank * 7919 % CUSTOMERS + 1

    @property
    def business(self) -> bool:
        """Whether this is one of the eight accounts with thousands of payments."""
        return self.rank < HEAD and self.rank % 25 == 22

    @property
    def currency(self) -> str:
        """The currency of the customer's country."""
        share = self.rank * 37 % 100
        return "GBP" if share < 14 else "USD" if share < 22 else "EUR"


def merchant_id(rank: int) -> int:
    """From 1 to 2,000; tells nothing of the rank."""
    return rank * 1231 % MERCHANTS + 1


def pick_customer(rng: random.Random) -> Customer:
    """Draw a customer: the head by its weights, everybody else alike."""
    if rng.random() < HEAD_SHARE:
        return Customer(rng.choices(range(HEAD), cum_weights=_head_weights())[0])
    return Customer(rng.randrange(HEAD, CUSTOMERS))


def pick_merchant(rng: random.Random) -> int:
    """Draw a merchant's id by popularity."""
    return merchant_id(rng.choices(range(MERCHANTS), cum_weights=_merchant_weights())[0])


def pick_amount(customer: Customer, rng: random.Random) -> int:
    """Draw an amount in minor units: log-normal, businesses pay more."""
    return 100 + round(rng.lognormvariate(9.2 if customer.business else 7.6, 0.7))


def pick_scheme(rng: random.Random) -> str:
    """Draw a card scheme by market share."""
    return rng.choices(SCHEMES, weights=SCHEME_WEIGHTS)[0]


@cache
def _head_weights() -> list[float]:
    return list(accumulate((rank + 10) ** -0.7 for rank in range(HEAD)))


@cache
def _merchant_weights() -> list[float]:
    return list(accumulate((rank + 3) ** -0.9 for rank in range(MERCHANTS)))
