"""What is marked on graphs: the changes that the feed tells, and when alerts paged. Nothing else is known here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from labctl.actions.answer import moment
from labctl.actions.live import PROMETHEUS, Watch
from labctl.health import paging
from labctl.model.measurement import Window
from labctl.state.change_feed import PASSING

ALERT = "alert"


@dataclass(frozen=True)
class Mark:
    """A moment of a lab, `until` another one where it lasted; `kind` is "alert" or that of a change."""

    at: datetime
    kind: str
    component: str
    text: str
    until: datetime | None = None
    passing: bool = False
    """Whether it comes and goes by itself, as a job does."""


def changes(watch: Watch, start: datetime, end: datetime) -> tuple[Mark, ...]:
    """Return the changes of a time, the oldest first, as the feed tells them."""
    return tuple(_changes(watch, start.timestamp(), end.timestamp()))


def alerts(watch: Watch, start: datetime, end: datetime) -> tuple[Mark, ...]:
    """Return when which alerts paged in a time. Raises LookupFailedError while Prometheus is away."""
    watch.require(PROMETHEUS)
    found = paging.paged(watch.lab.prometheus, Window(start.timestamp(), end.timestamp()))
    return tuple(map(_alert, found))


def _changes(watch: Watch, start: float, end: float) -> Iterator[Mark]:
    for each in watch.lab.store.changes.list():
        if start <= each.at <= end:
            text = f"{each.title} ({each.author})" if each.author else each.title
            yield Mark(moment(each.at), each.kind, each.component, text, passing=each.kind in PASSING)


def _alert(span: paging.Paged) -> Mark:
    until = None if span.end is None else moment(span.end)
    return Mark(moment(span.start), ALERT, span.service, span.alert, until)
