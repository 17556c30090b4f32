"""What does not hold together in a fault."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """Something that does not hold together in a fault, and in which of its fields."""

    field: str
    what: str

    def __str__(self) -> str:
        return f"{self.field}: {self.what}"
