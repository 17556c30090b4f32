"""Following the pages of an open incident as they fire and resolve."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from labctl.actions.answer import Answer, moment
from labctl.actions.elsewhere import reachable
from labctl.base.errors import LabStateError, LookupFailedError
from labctl.base.waiting import pause
from labctl.health import alert_changes, paging
from labctl.health.alert_changes import Key, changes, keyed
from labctl.lab.lab import Lab
from labctl.model.measurement import Window
from labctl.model.samples import Alert, Labels
from labctl.play import incidents

POLL_S = 1.0
BEFORE_S = 60.0
WITHOUT_INCIDENT_S = 900.0


@dataclass(frozen=True)
class AlertChange(Answer):
    """An alert that began to page, or that does not page any more."""

    schema: ClassVar[str] = "labctl.alert/1"
    at: datetime
    state: str
    """"firing" or "resolved"."""
    alert: str
    service: str
    severity: str
    summary: str


@dataclass(frozen=True)
class PagingAlert:
    """An alert that pages now; `since` is when its condition began to hold."""

    alert: str
    labels: Labels
    annotations: Labels
    since: datetime


@dataclass(frozen=True)
class Paging(Answer):
    """The alerts that page now, while an incident is open."""

    schema: ClassVar[str] = "labctl.paging/1"
    alerts: tuple[PagingAlert, ...] | None
    """Null while Prometheus does not answer."""


@reachable
def paging_now(name: str) -> Paging:
    """Return the alerts that page now. Raises LabStateError when no incident is open."""
    lab = Lab.open(name)
    incidents.require_open(lab)
    firing = _firing(lab)
    return Paging(None if firing is None else tuple(map(_paging, firing)))


def follow(name: str) -> Iterator[AlertChange]:
    """Yield each page as it fires or resolves, those that fire now first, until the incident is over.

    While Prometheus doesn't answer, nothing is known to have changed. Raises LabStateError when no incident is open.
    """
    known: dict[Key, Alert] = {}
    now: Paging | None = paging_now(name)
    while now is not None:
        if now.alerts is not None:
            firing = keyed(map(_alert, now.alerts))
            yield from map(_answer, changes(known, firing))
            known = firing
        pause(POLL_S)
        now = _while_open(name)


@dataclass(frozen=True)
class Paged:
    """A span in which an alert paged; `until` is None while it still does."""

    alert: str
    service: str
    since: datetime
    until: datetime | None


def history(name: str) -> tuple[Paged, ...]:
    """Return when which alerts have paged since shortly before the last incident's page, oldest first.

    Without an incident, those of the last few minutes. Raises LabStateError, LookupFailedError when Prometheus is away.
    """
    lab, now = Lab.open(name), time.time()
    incident = incidents.latest(lab)
    page = incident.page if incident else None
    start = page.at - BEFORE_S if page else now - WITHOUT_INCIDENT_S
    end = min(now, incident.ended_at + BEFORE_S) if incident and incident.ended_at else now
    return tuple(map(_paged, paging.paged(lab.metrics, Window(start, end))))


def _paged(span: paging.Paged) -> Paged:
    until = None if span.end is None else moment(span.end)
    return Paged(span.alert, span.service, moment(span.start), until)


def _while_open(name: str) -> Paging | None:
    try:
        return paging_now(name)
    except LabStateError:
        return None


def _firing(lab: Lab) -> list[Alert] | None:
    try:
        return paging.firing(lab.metrics)
    except (LabStateError, LookupFailedError):
        return None


def _paging(alert: Alert) -> PagingAlert:
    return PagingAlert(alert.name, alert.labels, alert.annotations, moment(alert.active_at))


def _alert(alert: PagingAlert) -> Alert:
    return Alert(alert.alert, "firing", alert.labels, alert.annotations, alert.since.timestamp())


def _answer(change: alert_changes.AlertChange) -> AlertChange:
    now = time.time()
    page = paging.page_of(change.alert, now)
    state = "firing" if change.fires else "resolved"
    return AlertChange(moment(now), state, page.alert, page.service, page.severity, page.summary)
