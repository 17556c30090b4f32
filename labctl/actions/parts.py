"""Parts that several answers share: readings of the steady state, and what a learner may know of an incident."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from labctl.actions.answer import moment
from labctl.health import steady_state
from labctl.lab.lab import Lab
from labctl.model import incident as incident_model
from labctl.model.incident import Incident
from labctl.play import logbook


@dataclass(frozen=True)
class Reading:
    """One probe of the steady state: its value (null without data), its bounds, and whether it is within them."""

    probe: str
    value: float | None
    unit: str
    low: float | None
    high: float | None
    holds: bool


@dataclass(frozen=True)
class Page:
    """The page that the on-call engineer got."""

    alert: str
    summary: str
    description: str
    """What users see."""
    at: datetime
    """When the alert fired."""
    service: str
    severity: str
    since: datetime
    """When the alert's condition began to hold."""
    runbook: str
    """The command that says how to look into this alert."""


@dataclass(frozen=True)
class IncidentState:
    """What a learner may know of an incident while it is open: the page and the clock."""

    incident: str
    status: str
    page: Page | None
    clock_s: float
    """Seconds since the page without pauses, with the penalty for wrong submissions."""
    penalty_s: float
    wrong_submissions: int
    attempts_left: int
    paused_since: datetime | None
    """Since when the clock stands still; null while it runs, and after the incident's end."""
    limit_s: float | None
    """Seconds on the clock from the page to the end; null without a limit."""
    left_s: float | None
    """Seconds until the limit; null without one, and after the incident's end."""
    update_due_at: datetime | None
    """When the next status update is due, or since when it is late; null after the incident's end,
    and while the clock is paused."""
    fog: str
    """How incomplete the telemetry is: "clear", "hazy" or "dense"."""


def readings(found: Iterable[steady_state.Reading]) -> tuple[Reading, ...]:
    """Return readings in the form that answers hold."""
    return tuple(
        Reading(
            each.probe.name,
            each.value,
            each.probe.unit,
            each.probe.tolerance.low,
            each.probe.tolerance.high,
            each.holds,
        )
        for each in found
    )


def state_of(lab: Lab, incident: Incident) -> IncidentState:
    """Return what a learner may know of an incident now."""
    page, left = incident.page, incident.left_s(incident.now())
    due = logbook.update_due(lab, incident)
    return IncidentState(
        incident=incident.id,
        status=str(incident.status),
        page=_page(lab, page) if page else None,
        clock_s=round(incident.clock_s(incident.now()), 1),
        penalty_s=incident.penalty_s,
        wrong_submissions=incident.wrong,
        attempts_left=incident.attempts_left,
        paused_since=moment(incident.pauses[-1].began) if incident.paused else None,
        limit_s=incident.limit_s,
        left_s=None if left is None else round(left, 1),
        update_due_at=None if due is None else moment(due),
        fog=incident.around.fog,
    )


def _page(lab: Lab, page: incident_model.Page) -> Page:
    return Page(
        alert=page.alert,
        summary=page.summary,
        description=page.description,
        at=moment(page.at),
        service=page.service,
        severity=page.severity,
        since=moment(page.at if page.since is None else page.since),
        runbook=f"labctl runbook {page.alert}{lab.option}",
    )
