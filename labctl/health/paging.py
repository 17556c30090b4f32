"""Pages: alerts that fire for a human being."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from labctl.base.errors import LabStateError, LookupFailedError, WaitTimeoutError
from labctl.base.waiting import wait_until
from labctl.model.incident import Page
from labctl.model.measurement import STEP_S, Metrics, Window
from labctl.model.samples import Alert, Rule, Series

FIRED = 'group by (alertname) (ALERTS{alertstate="firing",severity="page"})'
"""A series per page, with a point for every moment at which it fired."""
FIRED_BY_SERVICE = 'group by (alertname, service) (ALERTS{alertstate="firing",severity="page"})'
"""The same, by the service that the alert names."""
RAISED = 'group by (alertname) (ALERTS{severity="page"})'
"""The same, with the moments at which it was pending as well."""
BEFORE_S = 3.0
"""An alert that was raised so many seconds before a change is not the change's doing."""


@dataclass(frozen=True)
class Paged:
    """A span in which an alert paged somebody, in epoch seconds; `end` is None while it still does."""

    alert: str
    service: str
    start: float
    end: float | None


class Alerts(Protocol):
    """What looking at the present alerts needs of a metrics client."""

    def alerts(self) -> list[Alert]:
        """Return the alerts that are pending or firing."""
        ...


class Pages(Alerts, Metrics, Protocol):
    """What waiting for a page needs of a metrics client."""

    def rules(self) -> list[Rule]:
        """Return the alerting rules."""
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


def began(metrics: Metrics, window: Window) -> list[tuple[float, str]]:
    """Return when the alerts that paged somebody within a window first did, in epoch seconds, and their names."""
    series = metrics.query_range(FIRED, window.start, window.end, window.step)
    return sorted((each.points[0][0], each.labels.get("alertname", "an alert")) for each in series if each.points)


def paged(metrics: Metrics, window: Window) -> list[Paged]:
    """Return the spans in which alerts paged somebody within a window, by Prometheus's own record, oldest first."""
    series = metrics.query_range(FIRED_BY_SERVICE, window.start, window.end, window.step)
    spans = (span for each in series for span in _spans(each, window))
    return sorted(spans, key=lambda span: (span.start, span.alert, span.service))


def _spans(series: Series, window: Window) -> Iterator[Paged]:
    """Cut a series, which has a point a step while its alert fires, where points are missing."""
    times, gap = [at for at, _ in series.points], 1.5 * window.step
    begins = [at for before, at in zip([float("-inf"), *times], times, strict=False) if at - before > gap]
    ends = [at for at, after in zip(times, [*times[1:], float("inf")], strict=False) if after - at > gap]
    name, service = series.labels.get("alertname", "an alert"), series.labels.get("service", "")
    for start, end in zip(begins, ends, strict=True):
        yield Paged(name, service, start, None if window.end - end <= gap else end)


def await_page(metrics: Pages, since: float, within_s: float) -> Page | None:
    """Return the first page whose condition began to hold at `since` (epoch seconds) or later; None if none in time.

    An alert whose condition held before cannot come from the change at `since`. The page's time is Prometheus's: when
    the alert began to fire, however late this process, which somebody may have stopped, comes to see it.
    """

    def new() -> list[tuple[float, Alert]]:
        alerts = [each for each in firing(metrics) if each.active_at >= since]
        held = {rule.name: rule.hold_s for rule in metrics.rules()} if alerts else {}
        return [(each.active_at + held.get(each.name, 0.0), each) for each in alerts]

    # Telemetry may be away for a moment, while its container is replaced: keep waiting for the page.
    away = (LabStateError, LookupFailedError)
    try:
        pages = wait_until(new, what="a page", timeout=within_s, interval=0.25, transient=away)
    except WaitTimeoutError:
        try:
            return _missed(metrics, since)
        except away:
            return None  # it was asked for all that time: whoever waited says that no page came
    at, alert = min(pages, key=lambda page: page[0])
    return page_of(alert, min(at, time.time()))


def page_of(alert: Alert, at: float) -> Page:
    """Return the page that an alert makes, which fires since `at` (epoch seconds)."""
    labels, annotations = alert.labels, alert.annotations
    return Page(
        alert.name,
        annotations.get("summary", alert.name),
        annotations.get("description", ""),
        at,
        service=labels.get("service", ""),
        severity=labels.get("severity", ""),
        since=min(alert.active_at, at),
    )


def _missed(metrics: Pages, since: float) -> Page | None:
    """Return the first page since then that has gone again: it came and went while this process was stopped."""
    before = Window(since - BEFORE_S, since)
    known = {each.labels.get("alertname") for each in metrics.query_range(RAISED, before.start, before.end, STEP_S)}
    labels = {rule.name: rule.labels for rule in metrics.rules()}
    series = metrics.query_range(FIRED, since, time.time(), STEP_S)
    pages = [(each.points[0][0], each.labels["alertname"]) for each in series if "alertname" in each.labels]
    first = min(((at, name) for at, name in pages if name not in known), default=None)
    if first is None:
        return None
    at, name = first
    return page_of(Alert(name, "firing", labels.get(name, {}), {}, at), at)
