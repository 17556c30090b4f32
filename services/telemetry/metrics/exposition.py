"""GET /metrics in the format that was asked for: OpenMetrics with exemplars, or Prometheus' plain text."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flask import Blueprint, Response, request

from services.telemetry.metrics.family import Family

OPENMETRICS = "application/openmetrics-text"
OPENMETRICS_TYPE = f"{OPENMETRICS}; version=1.0.0; charset=utf-8"
PLAIN_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Families = Iterable[tuple[Family, str]]


def render(families: Families, *, openmetrics: bool) -> str:
    """Return the whole page."""
    parts = [part for family, lines in families for part in (family.header(openmetrics=openmetrics), lines)]
    return "".join([*parts, "# EOF\n"]) if openmetrics else "".join(parts)


def blueprint(families: Callable[[bool], Families]) -> Blueprint:
    """Return the route; `families` is asked with True when exemplars are wanted."""
    routes = Blueprint("exposition", __name__)

    @routes.get("/metrics")
    def metrics() -> Response:
        openmetrics = OPENMETRICS in request.headers.get("Accept", "")
        page = render(families(openmetrics), openmetrics=openmetrics)
        return Response(page, content_type=OPENMETRICS_TYPE if openmetrics else PLAIN_TYPE)

    return routes
