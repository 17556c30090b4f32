"""The views, in the order of the navigation. A new one is a module here, a template, and a line below."""

from __future__ import annotations

from labctl.room.views import answer, changes, dashboards, logs, metrics, page, traces

VIEWS = (page.VIEW, dashboards.VIEW, metrics.VIEW, logs.VIEW, traces.VIEW, changes.VIEW, answer.VIEW)
