"""The views, in the order of the navigation. A new one is a module here, a template, and a line below."""

from __future__ import annotations

from labctl.room.views import answer, changes, database, logs, metrics, page, topology, traces

VIEWS = (
    page.VIEW,
    metrics.VIEW,
    logs.VIEW,
    traces.VIEW,
    topology.VIEW,
    changes.VIEW,
    database.VIEW,
    answer.VIEW,
)
