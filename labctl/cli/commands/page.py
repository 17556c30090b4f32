"""`labctl page`: what the on-call engineer got, and the clock."""

from __future__ import annotations

import time
from typing import Any

from labctl.base.errors import LabStateError
from labctl.base.names import DEFAULT_NAME
from labctl.base.times import iso, local_time, show_duration
from labctl.cli import console
from labctl.cli.options import JsonOption, NameOption
from labctl.lab.lab import Lab
from labctl.model.incident import ENDED, Incident
from labctl.play import incidents


def page(name: NameOption = DEFAULT_NAME, as_json: JsonOption = False) -> None:
    """Show the page again, and the clock."""
    incident = incidents.latest(Lab.open(name))
    if incident is None or incident.page is None:
        raise LabStateError("there was no page", expected="an incident", todo="run `labctl break` to start one")
    tell(incident, as_json=as_json)


def tell(incident: Incident, *, as_json: bool) -> None:
    """Print the page and the clock of an incident that paged, and no more."""
    now = time.time()
    console.emit(document(incident, now), lambda: _show(incident, now), as_json=as_json)


def document(incident: Incident, now: float) -> dict[str, Any]:
    """Return what may be known of an incident: the page and the clock."""
    page = incident.page
    return {
        "incident": incident.id,
        "status": str(incident.status),
        "page": {
            "alert": page.alert,
            "summary": page.summary,
            "description": page.description,
            "at": iso(page.at),
        }
        if page
        else None,
        "clock_s": round(incident.clock_s(now), 1),
        "penalty_s": incident.penalty_s,
        "wrong_submissions": incident.wrong,
        "attempts_left": incident.attempts_left,
    }


def _show(incident: Incident, now: float) -> None:
    page = incident.page
    if page is None:
        return
    facts = {"PAGE": page.summary, "alert": page.alert, "at": local_time(page.at), "incident": incident.id}
    clock = f"{show_duration(incident.clock_s(now))}, {incident.attempts_left} wrong submissions left"
    state = f" ({incident.status})" if incident.status in ENDED else ""
    console.facts({**facts, "details": page.description or None, "clock": clock + state})
