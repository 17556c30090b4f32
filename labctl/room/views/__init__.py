"""The views, in the order of the navigation. A new one is a module here, a template, and a line below."""

from __future__ import annotations

from labctl.room.views import answer, changes, logs, metrics, notebook, page, traces, trying

VIEWS = (page.VIEW, metrics.VIEW, logs.VIEW, traces.VIEW, changes.VIEW, trying.VIEW, notebook.VIEW, answer.VIEW)
