"""Which components call which, how often, how fast, and with how many errors."""

from __future__ import annotations

import math
import time
from collections import Counter
from dataclasses import dataclass
from typing import ClassVar

from labctl.actions.answer import Answer
from labctl.actions.edge_changes import Change, compare
from labctl.actions.elsewhere import reachable
from labctl.actions.looking import look
from labctl.base.times import parse_duration
from labctl.health import paging
from labctl.lab.lab import Lab
from labctl.lookups.topology import Edge, edges
from labctl.model.incident import Incident, Status
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


@dataclass(frozen=True)
class Connection:
    """A connection now, and what each of its figures was while the lab was healthy."""

    edge: Edge
    change: Change


@dataclass(frozen=True)
class Compared:
    """Every connection beside its healthy figures; `healthy` is False where there are none to compare with.

    `firing` counts the alerts that page now, by the service that they are about.
    """

    window_s: float
    connections: tuple[Connection, ...]
    healthy: bool
    firing: dict[str, int]


@reachable
def topology(name: str, window: str = "1m") -> Topology:
    """Return the connections that the telemetry saw in the last `window`. Raises InputError, LookupFailedError.

    While an incident is open, what was before its page is left out. Not before its change: the window's length would
    date a change that no feed shows.
    """
    seconds = parse_duration(window, "--window")
    lab = look(name, "topology", window=window)
    return _now(lab, incidents.latest(lab), seconds)


def compared(name: str, window: str = "1m") -> Compared:
    """Return the connections now, as `topology` does, beside those of the last incident's healthy time."""
    seconds = parse_duration(window, "--window")
    lab = look(name, "topology", window=window)
    incident = incidents.latest(lab)
    now = _now(lab, incident, seconds)
    before = _before(lab, incident) if incident else ()
    connections = tuple(Connection(each, compare(each, before, now.window_s)) for each in now.edges)
    firing = Counter(each.labels.get("service", "") for each in paging.firing(lab.metrics))
    healthy = any(each.change.rate.healthy is not None for each in connections)
    return Compared(now.window_s, connections, healthy, dict(firing))


def _now(lab: Lab, incident: Incident | None, seconds: float) -> Topology:
    now = time.time()
    if incident and incident.status is Status.OPEN and incident.page:
        seconds = min(seconds, max(math.ceil(now - incident.page.at), SHORTEST_S))
    return Topology(seconds, tuple(edges(lab.metrics, lab.traces.dependencies(now - seconds, now), seconds)))


_healthy: dict[tuple[str, str, float], tuple[Edge, ...]] = {}
"""The healthy figures by lab, incident and moment: they never change, and a view that is kept fresh asks each time."""
_MOST_KEPT = 16


def _before(lab: Lab, incident: Incident) -> tuple[Edge, ...]:
    """Return the connections over the incident's healthy window: the one that its evidence is compared with.

    Nothing says when that was: its end is close to the change that is looked for.
    """
    key = (lab.name, incident.id, incident.healthy.end)
    if key not in _healthy:
        start, end = incident.healthy.start, incident.healthy.end
        found = tuple(edges(lab.metrics, lab.traces.dependencies(start, end), end - start, end))
        if len(_healthy) >= _MOST_KEPT:
            _healthy.clear()
        _healthy[key] = found
    return _healthy[key]
