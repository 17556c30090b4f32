"""How much of the traffic was the learner's own: figures of what a container uses show that as well.

Services count and time the clients' requests only; their CPU, their memory and the database do not know whose they are.
"""

from __future__ import annotations

from labctl.health.steady_state import CLIENTS
from labctl.model.measurement import Metrics, Window, finite
from labctl.play.evidence_query import OWN

MATERIAL = 0.1
"""Of all requests: with fewer, nothing that everybody's requests move grows by half."""
_OWN = f'{OWN}{{service="gateway"}}'
_CLIENTS = f"{CLIENTS}_count"


def share(metrics: Metrics, window: Window) -> float:
    """Return which part of the requests in a window, 0 to 1, were none of the clients'."""
    own, clients = (_count(metrics, each, window) for each in (_OWN, _CLIENTS))
    return own / (own + clients) if own else 0.0


def counted(selector: str, seconds: float) -> str:
    """Return the query for how many requests a selector's counters have counted in so many seconds."""
    return f"sum(increase({selector}[{max(1, round(seconds))}s]))"


def _count(metrics: Metrics, selector: str, window: Window) -> float:
    found = metrics.query_range(counted(selector, window.seconds), window.end, window.end, window.step)
    return sum(value for series in found for _, value in finite(series.points[-1:]))
