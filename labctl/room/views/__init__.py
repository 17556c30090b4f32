"""The views, in the order of the navigation. A new one is a module here, a template, and a line below."""

from __future__ import annotations

from labctl.room.views import answer, changes, debrief, lab, leaderboard, logs, metrics, page, postmortem, traces

VIEWS = (page.VIEW, metrics.VIEW, logs.VIEW, traces.VIEW, changes.VIEW, answer.VIEW,
         debrief.VIEW, postmortem.VIEW, leaderboard.VIEW, lab.VIEW)  # fmt: skip
