"""The page and the clock as people read them."""

from __future__ import annotations

from labctl.actions.incident import Incident
from labctl.base.text import number_of
from labctl.base.times import local_time, show_clock
from labctl.cli import console
from labctl.model.incident import ENDED


def emit(incident: Incident, *, as_json: bool) -> None:
    """Print the page and the clock of an incident, and nothing that gives the fault away."""
    console.emit(incident, lambda: _show(incident), as_json=as_json)


def _show(incident: Incident) -> None:
    page = incident.page
    if page is None:
        return
    at = local_time(page.at.timestamp())
    facts = {"PAGE": page.summary, "alert": page.alert, "at": at, "incident": incident.incident}
    clock = f"{show_clock(incident.clock_s)}, {number_of(incident.attempts_left, 'wrong submission')} left"
    state = f" ({incident.status})" if incident.status in ENDED else ""
    console.facts({**facts, "details": page.description or None, "clock": clock + state})
