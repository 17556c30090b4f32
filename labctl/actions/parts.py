"""Parts that several answers have: readings of the steady state, what may be known of an incident."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from labctl.actions.answer import moment
from labctl.health import steady_state
from labctl.model.incident import Incident


@dataclass(frozen=True)
class Reading:
    """One probe of the steady state: its value (null without data), and within which bounds it has to be."""

    probe: str
    value: float | None
    unit: str
    low: float | None
    high: float | None
    holds: bool


@dataclass(frozen=True)
class Page:
    """What the on-call engineer got."""

    alert: str
    summary: str
    description: str
    at: datetime


@dataclass(frozen=True)
class IncidentState:
    """What may be known of an incident while it goes on: the page and the clock."""

    incident: str
    status: str
    page: Page | None
    clock_s: float
    """Seconds since the page, those for wrong submissions included."""
    penalty_s: float
    wrong_submissions: int
    attempts_left: int


def readings(found: Iterable[steady_state.Reading]) -> tuple[Reading, ...]:
    """Return readings as answers have them."""
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


def state_of(incident: Incident, now: float) -> IncidentState:
    """Return what may be known of an incident at `now` (epoch seconds)."""
    page = incident.page
    return IncidentState(
        incident=incident.id,
        status=str(incident.status),
        page=Page(page.alert, page.summary, page.description, moment(page.at)) if page else None,
        clock_s=round(incident.clock_s(now), 1),
        penalty_s=incident.penalty_s,
        wrong_submissions=incident.wrong,
        attempts_left=incident.attempts_left,
    )
