"""From a graph to the traces behind it: the calls that histograms keep as examples."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from labctl.actions.answer import moment
from labctl.actions.metrics import Curves
from labctl.lab.lab import Lab

HISTOGRAM = "_bucket"
"""Only what a histogram counts has examples."""
MOST = 200


@dataclass(frozen=True)
class Exemplar:
    """One call, what was measured of it (seconds, for durations), and its trace."""

    at: datetime
    value: float
    trace_id: str


@dataclass(frozen=True)
class Exemplars:
    """The newest examples of a query's calls over its time, oldest first."""

    start: datetime
    end: datetime
    found: tuple[Exemplar, ...]


def exemplars(name: str, curves: Curves) -> Exemplars:
    """Return the examples of what was looked up: a part of that look-up. Raises LookupFailedError."""
    if HISTOGRAM not in curves.query:
        return Exemplars(curves.start, curves.end, ())
    start, end = curves.start.timestamp(), curves.end.timestamp()
    found = Lab.open(name).prometheus.exemplars(curves.query, start, end)[-MOST:]
    kept = tuple(Exemplar(moment(each.at), each.value, each.trace_id) for each in found)
    return Exemplars(curves.start, curves.end, kept)
