"""The page and the clock as people read them."""

from __future__ import annotations

import time

from labctl.actions.incident import Incident
from labctl.actions.parts import IncidentState
from labctl.base.text import number_of
from labctl.base.times import local_time, show_clock
from labctl.cli import console
from labctl.model.incident import ENDED
from labctl.model.surroundings import CLEAR


def emit(incident: Incident, *, as_json: bool) -> None:
    """Print the page and the clock of an incident, and nothing that gives the fault away."""
    console.emit(incident, lambda: _show(incident), as_json=as_json)


def _show(incident: Incident) -> None:
    page = incident.page
    if page is None:
        return
    clock = f"{show_clock(incident.clock_s)}, {number_of(incident.attempts_left, 'wrong submission')} left"
    facts = {
        "PAGE": page.summary,
        "service": page.service or None,
        "users see": page.description or None,
        "since": f"{local_time(page.since.timestamp())}, paged at {local_time(page.at.timestamp())}",
        "severity": page.severity or None,
        "alert": page.alert,
        "runbook": page.runbook,
        **({} if incident.fog == CLEAR else {"telemetry": f"{incident.fog}: incomplete, docs/telemetry.md#fog"}),
        "incident": incident.incident,
        "clock": clock
        + (f" (paused since {local_time(incident.paused_since.timestamp())})" if incident.paused_since else "")
        + (f" ({incident.status})" if incident.status in ENDED else ""),
    }
    console.facts({**facts, **timing(incident)})


def timing(incident: IncidentState) -> dict[str, str]:
    """Return the time that is left and when the next status update is due, by name; nothing after the end."""
    found: dict[str, str] = {}
    if incident.left_s is not None and incident.limit_s is not None:
        found["time left"] = f"{show_clock(incident.left_s)} of {show_clock(incident.limit_s)}"
    if incident.update_due_at is not None:
        due = incident.update_due_at.timestamp()
        late = time.time() - due
        found["update"] = f"LATE by {show_clock(late)}" if late > 0 else f"due at {local_time(due)}"
        found["update"] += ": labctl update"
    return found
