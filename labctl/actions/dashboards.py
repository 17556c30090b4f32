"""Dashboards: those that Grafana shows, and what their panels show now. `dashboard_data` asks for it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from labctl.actions.dashboard_data import LONGEST_S, Shown, ask
from labctl.actions.live import PROMETHEUS, Watch
from labctl.actions.looking import look
from labctl.base import paths
from labctl.base.errors import InputError, NotFoundError
from labctl.base.text import checked
from labctl.base.times import iso, parse_duration
from labctl.lab.lab import Lab
from labctl.model import dashboard_document
from labctl.model.dashboard import Dashboard, Target, Variable
from labctl.model.dashboard_queries import Moments, choice, filled, moments

FIRST = "service-overview"
"""The dashboard to open first."""


@dataclass(frozen=True)
class Wanted:
    """What somebody looks at: a dashboard, what is chosen for its variables, a time of `span` up to `until` or now."""

    uid: str = FIRST
    chosen: Mapping[str, tuple[str, ...]] | None = None
    span: str = ""
    """Such as 15m; empty for the dashboard's own."""
    until: datetime | None = None


@dataclass(frozen=True)
class Fresh:
    """What is asked for: some panels since a moment (None: all of the time), others from the beginning."""

    panels: Sequence[int] = ()
    since: float | None = None
    begun: Sequence[int] = ()
    variables: bool = False


@dataclass(frozen=True)
class Frames:
    """What the panels show, by their id, at which moments; and what one can choose for each variable."""

    moments: Moments
    panels: dict[int, Shown]
    options: dict[str, tuple[str, ...]]


@cache
def shelf() -> tuple[Dashboard, ...]:
    """Return the dashboards, the one to open first, then by their titles."""
    files = sorted((paths.bundle_root() / "grafana" / "dashboards").glob("*.json"))
    found = [dashboard_document.dashboard(json.loads(path.read_text("utf-8"))) for path in files]
    return tuple(sorted(found, key=lambda each: (each.uid != FIRST, each.title)))


def find(uid: str) -> Dashboard:
    """Return a dashboard. Raises NotFoundError with the nearest."""
    known = {each.uid: each for each in shelf()}
    if uid not in known:
        raise NotFoundError("dashboard", checked(uid, "the dashboard"), known)
    return known[uid]


def opened(name: str, wanted: Wanted) -> Dashboard:
    """Return a dashboard that somebody opens, which is a look-up. Raises NotFoundError, InputError."""
    found = find(wanted.uid)
    _moments(found, wanted)
    asked = {each.name: ", ".join(_chosen(each, wanted)) for each in found.variables}
    until = {"until": iso(wanted.until.timestamp())} if wanted.until else {}
    look(name, "dashboard", dashboard=found.title, **asked, range=wanted.span or found.span, **until)
    return found


def query_of(found: Dashboard, target: Target, wanted: Wanted) -> str:
    """Return a panel's query as one can ask it by itself: for what is chosen, over the dashboard's time."""
    values = {each.name: _known_pattern(each, wanted) or ".+" for each in found.variables}
    return filled(target.query, values, _moments(found, wanted))


def frames(watch: Watch, wanted: Wanted, fresh: Fresh) -> Frames:
    """Return what panels show. It keeps an opened dashboard fresh, so that it is no look-up of its own.

    What is wrong with one panel's query is said in that panel. Raises NotFoundError, InputError; LookupFailedError
    while Prometheus is away.
    """
    watch.require(PROMETHEUS)
    found = find(wanted.uid)
    at = _moments(found, wanted)
    options = {each.name: _options(watch.lab, each, at) for each in found.variables} if fresh.variables else {}
    values = {each.name: _pattern(watch.lab, each, wanted, at) for each in found.variables}
    panels = {each.id: each for each in found.panels}
    known = [panels[each] for each in fresh.panels if each in panels]
    begun = [panels[each] for each in fresh.begun if each in panels]
    since = at if fresh.since is None else at.since(fresh.since)
    shown = {**ask(watch.lab, known, values, since), **ask(watch.lab, begun, values, at)}
    return Frames(at, shown, options)


def _moments(found: Dashboard, wanted: Wanted) -> Moments:
    seconds = parse_duration(wanted.span or found.span, "the time")
    if seconds > LONGEST_S:
        raise InputError(f"a dashboard can't show {wanted.span}", expected=f"at most {LONGEST_S / 3600:g}h")
    now = time.time()
    end = min(wanted.until.timestamp(), now) if wanted.until else now
    return moments(max(end, seconds), seconds)


def _chosen(variable: Variable, wanted: Wanted) -> tuple[str, ...]:
    """Return what is chosen for a variable; empty for all."""
    chosen = (wanted.chosen or {}).get(variable.name, variable.chosen)
    return tuple(checked(each, variable.label) for each in chosen)


def _pattern(lab: Lab, variable: Variable, wanted: Wanted, at: Moments) -> str:
    return _known_pattern(variable, wanted) or _any_of(_options(lab, variable, at))


def _any_of(options: Sequence[str]) -> str:
    return choice(options) if options else ".+"


def _known_pattern(variable: Variable, wanted: Wanted) -> str:
    """Return the pattern of what is chosen; empty for all values, which only Prometheus knows."""
    chosen = _chosen(variable, wanted)
    return choice(chosen) if chosen else variable.all_value


def _options(lab: Lab, variable: Variable, at: Moments) -> tuple[str, ...]:
    """Return what can be chosen: what is listed, or the values that a label had in this time."""
    if variable.label_of is None:
        return variable.options
    selector, label = variable.label_of
    query = f"group by ({label}) (last_over_time({selector}[{max(60, at.last - at.first)}s]))"
    return _values(label, (each.labels for each in lab.prometheus.query(query, at.last)))


def _values(label: str, found: Iterable[Mapping[str, str]]) -> tuple[str, ...]:
    return tuple(sorted({value for labels in found if (value := labels.get(label, ""))}))
