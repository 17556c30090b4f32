"""Finds what in the answers of `--json` dates an injection: a moment, or seconds that count from it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from labctl.actions import changes, incident, status, topology
from labctl.actions.answer import Answer, to_json
from labctl.lab.lab import Lab
from labctl.play import incidents

NEAR_S = 1.0
_SECONDS = re.compile(r".*(_s|seconds)")
"""Fields that hold seconds have such names."""
ASKED: tuple[Callable[[str], Answer], ...] = (
    status.status,
    incident.page,
    changes.changes,
    lambda name: topology.topology(name, "1h"),
)
"""The answers that tell of times; a longer window than an incident lasts, so that what cuts it shows."""


def dating(lab: Lab) -> list[str]:
    """Return what dates the open incident's injection; entries of the change feed do, as they would in production."""
    opened = incidents.require_open(lab)
    announced = [each.at for each in lab.store.changes.list() if _near(each.at, opened.injected_at)]
    found = []
    for ask in ASKED:
        answer, now = to_json(ask(lab.name)), time.time()
        found += [
            f"{answer['schema']}: {place}"
            for place, at in moments(answer, now)
            if _near(at, opened.injected_at) and not any(_near(at, each, 0.01) for each in announced)
        ]
    return found


def moments(document: Any, now: float, place: str = "") -> Iterator[tuple[str, float]]:
    """Yield every moment of a JSON document in epoch seconds, with its place: dates, and seconds before `now`."""
    if isinstance(document, dict):
        for name, each in document.items():
            yield from moments(each, now, f"{place}/{name}")
    elif isinstance(document, list):
        for number, each in enumerate(document):
            yield from moments(each, now, f"{place}/{number}")
    elif isinstance(document, str):
        yield from ((place, at) for at in _date(document))
    elif isinstance(document, int | float) and not isinstance(document, bool):
        if _SECONDS.fullmatch(place.rpartition("/")[2]):
            yield place, now - document
        elif document > now / 2:
            yield place, float(document)


def _date(text: str) -> Iterator[float]:
    try:
        yield datetime.fromisoformat(text).timestamp()
    except ValueError:
        return


def _near(one: float, other: float, within: float = NEAR_S) -> bool:
    return abs(one - other) <= within
