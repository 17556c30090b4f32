"""What a learner looks up: addresses of the room's views, as links and forms in them make them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from labctl.room.views import logs, metrics, statements, topology

SHARES = {"metrics": 4, "logs": 4, "traces": 3, "changes": 2, "topology": 2, "database": 2, "page": 1}
"""How often each view is chosen, compared with the others."""
TRIGGERS = {
    "page": ("incident", "alerts", "logbook"),
    "changes": ("changes",),
    "topology": ("incident", "alerts"),
}
"""Events on which a view that is open asks for itself anew."""
BAR = ("incident", "alerts", "logbook")
"""Events on which the bar above every view does."""


@dataclass(frozen=True)
class Look:
    """A view, and its address below the room's."""

    view: str
    target: str


def draw(rng: random.Random) -> Look:
    """Return the next look of somebody who investigates."""
    view = rng.choices(list(SHARES), list(SHARES.values()))[0]
    asked = {name: value for name, value in _PARTS[view](rng).items() if value}
    return Look(view, f"{view}?{urlencode(asked)}" if asked else view)


def _metrics(rng: random.Random) -> dict[str, str]:
    return {"query": rng.choice(list(metrics.EXAMPLES.values())), "range": rng.choice(metrics.SPANS)}


def _logs(rng: random.Random) -> dict[str, str]:
    return {
        "service": rng.choice(("", *logs.SERVICES)),
        "level": rng.choice(("", "", "warn", "error")),
        "since": rng.choice(logs.SPANS[:4]),
        "view": rng.choice(("", "", "patterns")),
    }


def _traces(rng: random.Random) -> dict[str, str]:
    return {
        "service": rng.choice(("", "gateway", "payments", "risk")),
        "min_ms": rng.choice(("", "100", "250")),
        "errors": rng.choice(("", "", "1")),
        "since": rng.choice(("2m", "5m", "15m")),
    }


_PARTS: dict[str, Callable[[random.Random], dict[str, str]]] = {
    "metrics": _metrics,
    "logs": _logs,
    "traces": _traces,
    "changes": lambda rng: {"since": rng.choice(("", "15m", "1h"))},
    "topology": lambda rng: {"window": rng.choice(topology.WINDOWS)},
    "database": lambda rng: {"statement": rng.choice(list(statements.EXAMPLES.values()))},
    "page": lambda _rng: {},
}
