"""Parts that several answers share: readings of the steady state, and what a learner may know of an incident."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from labctl.actions.answer import moment
from labctl.health import steady_state
from labctl.model.incident import Incident


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
    at: datetime


@dataclass(frozen=True)
class IncidentState:
    """What a learner may know of an incident while it is open: the page and the clock."""

    incident: str
    status: str
    page: Page | None
    clock_s: float
    """Seconds since the page, with the penalty for wrong submissions."""
    penalty_s: float
    wrong_submissions: int
    attempts_left: int


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


def state_of(incident: Incident) -> IncidentState:
    """Return what a learner may know of an incident now."""
    page = incident.page
    return IncidentState(
        incident=incident.id,
        status=str(incident.status),
        page=Page(page.alert, page.summary, page.description, moment(page.at)) if page else None,
        clock_s=round(incident.clock_s(incident.now()), 1),
        penalty_s=incident.penalty_s,
        wrong_submissions=incident.wrong,
        attempts_left=incident.attempts_left,
    )
