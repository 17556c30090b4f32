"""How old a cache entry may be; all times in seconds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

REFRESH_FROM = 0.8
"""From this share of its lifetime on, an entry that is read is renewed in the background, before it expires."""


@dataclass(frozen=True)
class Lifetime:
    """How long an entry may be used."""

    seconds: float

    def fresh(self, age: float) -> bool:
        """Whether an entry of this age may be used."""
        return age < self.seconds

    def ageing(self, age: float) -> bool:
        """Whether an entry of this age should be renewed."""
        return age >= self.seconds * REFRESH_FROM

    def spread(self, count: int) -> Iterator[float]:
        """Yield `count` ages from 0 to where renewing starts: what is stored together must not expire together."""
        for index in range(count):
            yield self.seconds * REFRESH_FROM * index / count
