"""Which components call which, how often, how fast, and with how many errors."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import ClassVar

from labctl.actions.answer import Answer
from labctl.actions.looking import look
from labctl.base.times import parse_duration
from labctl.lookups.topology import Edge, edges
from labctl.model.incident import Status
from labctl.play import incidents

SHORTEST_S = 10.0
"""A rate needs several scrapes."""


@dataclass(frozen=True)
class Topology(Answer):
    """Every connection between two components, measured by its callers; null where the callers measure nothing."""

    schema: ClassVar[str] = "labctl.topology/1"
    window_s: float
    """Shorter than what was asked for while an incident has not lasted so long."""
    edges: tuple[Edge, ...]


def topology(name: str, window: str = "1m") -> Topology:
    """Return the connections that the telemetry saw in the last `window`. Raises InputError, LookupFailedError.

    While an incident is open, what was before its page is left out. Not before its change: the window's length would
    date a change that no feed shows.
    """
    seconds = parse_duration(window, "--window")
    lab = look(name, "topology", window=window)
    now = time.time()
    incident = incidents.latest(lab)
    if incident and incident.status is Status.OPEN and incident.page:
        seconds = min(seconds, max(math.ceil(now - incident.page.at), SHORTEST_S))
    return Topology(seconds, tuple(edges(lab.metrics, lab.traces.dependencies(now - seconds, now), seconds)))
