"""A draw: what varies each time a change is made, chosen by a seed. Equal seeds give equal choices everywhere."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from labctl.model.authors import AUTHORS

Choice = TypeVar("Choice")


class End(StrEnum):
    """One end of every range: to prove a change at both."""

    LOW = "low"
    HIGH = "high"


@dataclass(frozen=True)
class Range:
    """Something of a fault that varies: what it is, and its values, in order, from the usual one to the other end."""

    what: str
    values: tuple[str, ...]
    unit: str = ""

    def told(self, value: str) -> str:
        """Return a value with its unit."""
        return f"{value} {self.unit}".strip()

    @property
    def pattern(self) -> str:
        """A regular expression that matches each of the values, and nothing longer."""
        return rf"({'|'.join(map(re.escape, self.values))})\b"

    def __str__(self) -> str:
        values = [self.told(self.values[-1]) if each == self.values[-1] else each for each in self.values]
        return f"{self.what}: {', '.join(values[:-1])} or {values[-1]}"


class Draw:
    """Choices in the order in which they are asked for; with an `end`, every range gives that end of it instead."""

    def __init__(self, seed: int | str, end: End | None = None) -> None:
        self.seed = seed
        self.end = end
        self.drawn: dict[str, str] = {}
        """What was drawn of ranges, by what it is."""
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

    def of(self, range_: Range) -> str:
        """Return one of a range's values."""
        value: str = self.one_of(*range_.values)
        self.drawn[range_.what] = range_.told(value)
        return value

    def data(self, count: int) -> bytes:
        """Return so many bytes, which are like no others."""
        return self._random.randbytes(count)

    def sample(self, choices: Sequence[Choice], count: int) -> list[Choice]:
        """Return `count` different ones of the choices, in a drawn order."""
        return self._random.sample(choices, count)


def usual(end: End = End.LOW) -> Draw:
    """Return the draw of verifications: each range's usual value, or its other end; the same in every record."""
    return Draw("usual", end)
