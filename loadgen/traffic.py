"""How the clients' traffic differs from the usual: a file says it, and the clients follow it while they run.

In a lab the file is sealed: what customers do is nobody's to read there, it shows in the system's figures.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from services.common.sealed import unseal

LEAST, MOST = 0.0, 20.0
"""A factor beyond these is a mistake: no shop's traffic does that, and the clients' container could not send it."""


@dataclass(frozen=True)
class Traffic:
    """How many times the usual rate there is, and how many times as often as usual each endpoint is asked."""

    rate: float = 1.0
    endpoints: Mapping[str, float] = field(default_factory=dict)

    def of(self, endpoint: str) -> float:
        """Return how many times as often as usual each user of an endpoint acts."""
        return self.endpoints.get(endpoint, 1.0)


USUAL = Traffic()


def parse(text: str) -> Traffic:
    """Read {"rate": 1.5, "endpoints": {"history": 4}}, both left out for the usual; sealed, or as it is.

    Raises ValueError, TypeError.
    """
    told = json.loads(text if text.lstrip().startswith("{") else unseal(text))
    if not isinstance(told, dict) or not isinstance(told.get("endpoints", {}), dict):
        raise TypeError("expected an object, with an object of endpoints in it")
    endpoints = {str(name): _factor(value) for name, value in told.get("endpoints", {}).items()}
    return Traffic(_factor(told.get("rate", 1.0)), endpoints)


def _factor(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"a factor must be a number, not {value!r}")
    if not LEAST <= value <= MOST:
        raise ValueError(f"a factor must lie from {LEAST:g} to {MOST:g}, not {value!r}")
    return float(value)
