"""Page: what paged, which alerts fire and resolve, what is due, and the runbook."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from labctl.actions import alerts, incident, logbook, runbook
from labctl.actions.live import PROMETHEUS
from labctl.room import markdown
from labctl.room.problems import part
from labctl.room.site import here
from labctl.room.view import View, page
from labctl.room.views import giving_up
from labctl.room.views.spans import Bar, Scale


@dataclass(frozen=True)
class Lane:
    """One alert of the timeline: its spans, as parts of a thousand of the whole time."""

    alert: str
    service: str
    spans: tuple[alerts.Paged, ...]
    bars: tuple[Bar, ...]

    @property
    def fires(self) -> bool:
        """Whether it pages now."""
        return self.spans[-1].until is None


def add(room: Blueprint) -> None:
    """Add the routes."""
    giving_up.add(room)

    @room.get("/page", endpoint="page")
    def show() -> Response:
        lab = here().lab
        current = part(lambda: incident.page(lab))
        history = part(_history)
        updates = part(lambda: logbook.status_updates(lab))
        return page(
            "page.html",
            current=current,
            history=history,
            lanes=lanes(history.value or (), time.time()),
            updates=updates,
            drafted=request.args.get("drafted", ""),
        )

    @room.get("/runbook/<alert>")
    def runbook_text(alert: str) -> str:
        found = runbook.runbook(here().lab, alert)
        return render_template("runbook.html", text=markdown.rendered(found.text))

    @room.post("/updates")
    def update() -> AnyResponse:
        logbook.update(here().lab, request.form.get("text", ""))
        return redirect(url_for("room.page"), 303)


def _history() -> tuple[alerts.Paged, ...]:
    here().watch.require(PROMETHEUS)
    return alerts.history(here().lab)


def lanes(history: Sequence[alerts.Paged], now: float) -> list[Lane]:
    """Return the alerts, a lane each, in the order in which they first fired."""
    if not history:
        return []
    start = min(each.since.timestamp() for each in history)
    scale = Scale(start, max(now, start + 1))
    found: dict[tuple[str, str], list[alerts.Paged]] = {}
    for each in history:
        found.setdefault((each.alert, each.service), []).append(each)
    return [
        Lane(alert, service, tuple(own), tuple(scale.bar(_at(each.since), _at(each.until)) for each in own))
        for (alert, service), own in found.items()
    ]


def _at(moment: datetime | None) -> float | None:
    return moment.timestamp() if moment else None


VIEW = View("page", "Page", "p", add)
