"""A draw: what varies each time a change is made, chosen by a seed. Equal seeds give equal choices everywhere."""

from __future__ import annotations

import random
from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar

from labctl.model.authors import AUTHORS

Choice = TypeVar("Choice")


class End(StrEnum):
    """One end of every range: to prove a change at both."""

    LOW = "low"
    HIGH = "high"


class Draw:
    """Choices in the order in which they are asked for; with an `end`, every range gives that end of it instead."""

    def __init__(self, seed: int | str, end: End | None = None) -> None:
        self.seed = seed
        self.end = end
        # A text, so that a seed of 7 and one of "7" are the same.
        self._random = random.Random(str(seed))

    def author(self) -> str:
        """Return who makes the change."""
        return self._random.choice(AUTHORS)

    def number(self, low: int, high: int, step: int = 1) -> int:
        """Return one of low, low + step, …, high."""
        chosen: int = self.one_of(*range(low, high + 1, step))
        return chosen

    def share(self, low: float, high: float) -> float:
        """Return a number between two, with two places."""
        if self.end is not None:
            return low if self.end is End.LOW else high
        return round(self._random.uniform(low, high), 2)

    def one_of(self, *choices: Choice) -> Choice:
        """Return one of the choices; the first and the last are the ends."""
        if self.end is not None:
            return choices[0] if self.end is End.LOW else choices[-1]
        return self._random.choice(choices)

    def sample(self, choices: Sequence[Choice], count: int) -> list[Choice]:
        """Return `count` different ones of the choices, in a drawn order."""
        return self._random.sample(choices, count)
