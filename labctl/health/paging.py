"""Pages: alerts that fire for a human being."""

from __future__ import annotations

import time
from typing import Protocol

from labctl.base.errors import LabStateError, LookupFailedError, WaitTimeoutError
from labctl.base.waiting import wait_until
from labctl.model.incident import Page
from labctl.model.measurement import STEP_S, Metrics, Window
from labctl.model.samples import Alert

FIRED = 'group by (alertname) (ALERTS{alertstate="firing",severity="page"})'
"""A series per page, with a point for every moment at which it fired."""


class Alerts(Protocol):
    """What waiting for a page needs of a metrics client."""

    def alerts(self) -> list[Alert]:
        """Return the alerts that are pending or firing."""
        ...


def active(metrics: Alerts) -> list[Alert]:
    """Return the alerts that page somebody now, or will soon if their condition goes on: firing or pending."""
    return [each for each in metrics.alerts() if each.labels.get("severity") == "page"]


def firing(metrics: Alerts) -> list[Alert]:
    """Return the alerts that page somebody now."""
    return [each for each in active(metrics) if each.state == "firing"]


def fired(metrics: Metrics, window: Window) -> list[str]:
    """Return the names of the alerts that paged somebody within a window, by Prometheus's own record."""
    series = metrics.query_range(FIRED, window.start, window.end, STEP_S)
    return [each.labels.get("alertname", "an alert") for each in series]


def await_page(metrics: Alerts, since: float, within_s: float) -> Page | None:
    """Return the first page whose condition began to hold at `since` (epoch seconds) or later; None if none in time.

    An alert whose condition held before cannot come from the change at `since`.
    """

    def new() -> list[Alert]:
        return [each for each in firing(metrics) if each.active_at >= since]

    # Telemetry may be away for a moment, while its container is replaced: keep waiting for the page.
    away = (LabStateError, LookupFailedError)
    try:
        alert = wait_until(new, what="a page", timeout=within_s, interval=0.25, transient=away)[0]
    except WaitTimeoutError:
        return None
    annotations = alert.annotations
    return Page(alert.name, annotations.get("summary", alert.name), annotations.get("description", ""), time.time())
