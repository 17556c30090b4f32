"""Who pays whom: the same ranks, weights and amounts as the database's history (compose/postgres/seed.sql)."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

CUSTOMERS = 50_000
MERCHANTS = 2_000
HEAD = 200
"""The busiest ranks: few customers make most of the traffic, so a cache of them serves it."""
HEAD_SHARE = 0.925
BUSINESS_SHARE = 0.06
GOLDEN = (math.sqrt(5) - 1) / 2
POLLING_RANK = 120
POLLING_SHARE = 0.22
"""One merchant's shop system asks for its latest payments all the time, the other merchants do now and then."""
BUSINESS_COUNTRY_SHARES = (5, 12, 17, 20)
"""Two British and two American of every hundred ranks of the head are businesses."""
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
        return self.rank < HEAD and self.country_share in BUSINESS_COUNTRY_SHARES

    @property
    def country_share(self) -> int:
        """From 0 to 99, evenly over the ranks: which country the customer is from."""
        return self.rank * 37 % 100

    @property
    def currency(self) -> str:
        """The currency of the customer's country."""
        return "GBP" if self.country_share < 14 else "USD" if self.country_share < 22 else "EUR"


def merchant_id(rank: int) -> int:
    """From 1 to 2,000; tells nothing of the rank."""
    return rank * 1231 % MERCHANTS + 1


class Customers:
    """Draws customers: businesses, the rest of the head and everybody else have their share of any few draws.

    Which of the three is next steps through their shares by the golden ratio, which spreads them more evenly than
    chance does (an additive recurrence, the simplest low-discrepancy sequence); who of them is left to chance. So what
    happens to a few busy customers shows as soon in one short window of traffic as in another.
    """

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)
        self._at = self._rng.random()

    def draw(self) -> Customer:
        """Return the next customer: of the head by its weights, of everybody else alike."""
        self._at = (self._at + GOLDEN) % 1.0
        if self._at >= HEAD_SHARE:
            return Customer(self._rng.randrange(HEAD, CUSTOMERS))
        ranks, weights = _businesses() if self._at < BUSINESS_SHARE else _consumers()
        return Customer(self._rng.choices(ranks, cum_weights=weights)[0])


class BackOffices:
    """Draws the merchants that look at their payments, the polling one at its share of any few draws, as above."""

    def __init__(self, seed: int) -> None:
        self._at = random.Random(seed).random()

    def draw(self, rng: random.Random) -> int:
        """Return the id of the next merchant: the one that polls, or any by popularity."""
        self._at = (self._at + GOLDEN) % 1.0
        return merchant_id(POLLING_RANK) if self._at < POLLING_SHARE else pick_merchant(rng)


def pick_merchant(rng: random.Random) -> int:
    """Draw a merchant's id by popularity."""
    return merchant_id(rng.choices(range(MERCHANTS), cum_weights=_merchant_weights())[0])


def pick_amount(customer: Customer, rng: random.Random) -> int:
    """Draw an amount in minor units: log-normal, businesses pay a little more."""
    return 100 + round(rng.lognormvariate(7.65 if customer.business else 7.6, 0.7))


def pick_scheme(rng: random.Random) -> str:
    """Draw a card scheme by market share."""
    return rng.choices(SCHEMES, weights=SCHEME_WEIGHTS)[0]


@cache
def _businesses() -> tuple[list[int], list[float]]:
    return _weighed(rank for rank in range(HEAD) if Customer(rank).business)


@cache
def _consumers() -> tuple[list[int], list[float]]:
    return _weighed(rank for rank in range(HEAD) if not Customer(rank).business)


def _weighed(ranks: Iterable[int]) -> tuple[list[int], list[float]]:
    """Return the ranks and their cumulated weights."""
    chosen = list(ranks)
    return chosen, list(accumulate((rank + 10) ** -0.7 for rank in chosen))


@cache
def _merchant_weights() -> list[float]:
    return list(accumulate((rank + 3) ** -0.9 for rank in range(MERCHANTS)))
