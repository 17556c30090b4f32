"""Metrics: a query in PromQL, its curves as a graph, its series as a table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, request

from labctl.actions import exemplars, lookups, metric_names, metrics
from labctl.actions.metrics import Curve, Curves
from labctl.room.moments import moment
from labctl.room.problems import Part, part
from labctl.room.site import here
from labctl.room.view import View, looked, page
from labctl.room.views import names
from labctl.room.views.examples import drawn

SPANS = ("5m", "15m", "30m", "1h")
MOST_SERIES = 40
"""More curves than anybody can tell apart are left out of the graph, and said."""
HISTORY = 12
EXAMPLES = {
    "Outcomes at the clients": "sum by (endpoint, outcome) (rate(client_request_duration_seconds_count[20s]))",
    "p95 at the clients": "histogram_quantile(0.95, sum by (le, endpoint) "
    "(rate(client_request_duration_seconds_bucket[20s])))",
    "CPU by service": "sum by (service) (rate(container_cpu_usage_seconds_total[20s]))",
}


def add(room: Blueprint) -> None:
    """Add the routes."""

    @room.get("/metrics", endpoint="metrics")
    def show() -> Response:
        query, span = request.args.get("query", "").strip(), request.args.get("range", "15m")
        lab = here().lab
        until = request.args.get("until", "")
        end = moment(until) if until else None
        found: Part[Any] = looked(lambda: metrics.curves(lab, query, span, until=end)) if query else Part(None)
        curves = found.value if isinstance(found.value, Curves) else None
        unknown = part(lambda: metric_names.unknown(lab, query)).value if curves and not curves.series else None
        return page(
            "metrics.html",
            found.status,
            query=query,
            span=span,
            spans=SPANS if span in SPANS else (*SPANS, span),
            until=until,
            problem=found.problem,
            curves=curves,
            unknown=unknown or (),
            graph=graph(curves) if curves else "",
            named=[(label(each), each) for each in curves.series] if curves else [],
            most=MOST_SERIES,
            examples_of=part(lambda: drawn(exemplars.exemplars(lab, curves))) if curves else Part(None),
            history=_history(lab),
            examples=EXAMPLES,
        )

    names.add(room)


def graph(curves: Curves) -> str:
    """Return what the browser draws: the moments, and for each series its name and a value for each, as JSON."""
    series = curves.series[:MOST_SERIES]
    times = sorted({at.timestamp() for each in series for at, _ in each.points})
    rows = [_values(each, times) for each in series]
    return json.dumps(
        {"times": times, "series": [{"name": label(each), "values": v} for each, v in zip(series, rows, strict=True)]}
    )


def label(curve: Curve) -> str:
    """Return a series' name: its labels."""
    name = curve.labels.get("__name__", "")
    own = ", ".join(f"{key}={value}" for key, value in sorted(curve.labels.items()) if key != "__name__")
    return f"{name}{{{own}}}" if name and own else name or own or "value"


def _values(curve: Curve, times: Sequence[float]) -> list[float | None]:
    """Return the value at each moment; None where there is none, or none that can be drawn."""
    known = {at.timestamp(): value for at, value in curve.points}
    found = (known.get(at) for at in times)
    return [value if isinstance(value, int | float) else None for value in found]


def _history(lab: str) -> list[str]:
    """Return the queries of this incident, the last one first, each once."""
    found = part(lambda: lookups.lookups(lab))
    asked = [each.evidence or "" for each in found.value.lookups if each.command == "metrics"] if found.value else []
    return list(dict.fromkeys(each.removeprefix("promql:") for each in reversed(asked) if each))[:HISTORY]


VIEW = View("metrics", "Metrics", "m", add)
