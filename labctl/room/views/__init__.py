"""The views, in the order of the navigation. A new one is a module here, a template, and a line below."""

from __future__ import annotations

from labctl.room.views import (
    answer,
    changes,
    dashboards,
    database,
    debrief,
    lab,
    leaderboard,
    logs,
    metrics,
    notebook,
    page,
    postmortem,
    topology,
    traces,
    trying,
)

VIEWS = (
    page.VIEW,
    dashboards.VIEW,
    metrics.VIEW,
    logs.VIEW,
    traces.VIEW,
    topology.VIEW,
    changes.VIEW,
    database.VIEW,
    trying.VIEW,
    notebook.VIEW,
    answer.VIEW,
    debrief.VIEW,
    postmortem.VIEW,
    leaderboard.VIEW,
    lab.VIEW,
)
