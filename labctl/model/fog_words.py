"""What a level of fog leaves out, in words, and which signals that touches. Pure: it is given the level's settings.

The settings are those of the telemetry service's own configuration (compose/config/fog.json).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from labctl.model.cadence import Cadence
from labctl.model.signal import Lines, Metric, Signal, Spans

Settings = Mapping[str, Any]


def hides(settings: Settings) -> tuple[str, ...]:
    """Return what telemetry leaves out or adds by these settings, a phrase each; nothing for clear telemetry."""
    return tuple(say(settings[name]) for name, say in _SAID.items() if settings.get(name))


def thins(signal: Signal, settings: Settings) -> str:
    """Return how these settings thin a signal out; empty where it is as complete as ever."""
    if isinstance(signal, Metric):
        return _points(signal.probe.query, settings)
    if isinstance(signal, Spans):
        return _traces(str(signal.place), settings)
    if isinstance(signal, Lines):
        return _lines(str(signal.place), settings)
    return ""


def cadence(settings: Settings) -> Cadence:
    """Return how often, and how late, these settings let services' metrics through."""
    return Cadence(float(settings.get("metrics_every_s", 0)), float(settings.get("metrics_late_s", 0)))


def _points(query: str, settings: Settings) -> str:
    rhythm = cadence(settings)
    if not rhythm.thins(query):
        return ""
    late = f", {rhythm.late_s:g} s late" if rhythm.late_s else ""
    return f"a point every {rhythm.every_s:g} s{late}"


def _traces(place: str, settings: Settings) -> str:
    if place in settings.get("without_spans_of", ()):
        return f"no spans of {place}"
    return "" if settings.get("one_trace_in", 1) == 1 else f"1 trace in {settings['one_trace_in']}"


def _lines(place: str, settings: Settings) -> str:
    if place in settings.get("errors_only", ()):
        return f"errors of {place} only"
    return (
        "" if settings.get("one_info_line_in", 1) == 1 else f"below a warning 1 line in {settings['one_info_line_in']}"
    )


def _listed(names: Any) -> str:  # noqa: ANN401 - JSON: a list or the keys of an object
    return ", ".join(map(str, names))


_SAID: Mapping[str, Callable[[Any], str]] = {
    "one_trace_in": lambda count: f"of {count} traces, 1 was kept",
    "failed_spans_a_batch": lambda room: f"of failed spans, {room} a batch of a service's were kept",
    "without_spans_of": lambda names: f"there were no spans of {_listed(names)}",
    "context_lost": lambda names: f"spans of {_listed(names)} began traces of their own",
    "metrics_every_s": lambda gap: f"services' metrics had a point every {gap} s",
    "metrics_late_s": lambda late: f"they could be read {late} s later",
    "without_label": lambda labels: f"{_listed(labels.values())} was added up over",
    "one_info_line_in": lambda count: f"of {count} lines below a warning, 1 was kept",
    "errors_only": lambda names: f"of {_listed(names)}, there were errors only",
    "lines_repeated": lambda times: f"lines of {_listed(times)} were there several times",
    "restarting_exporter": lambda it: (
        f"the exporter of {it['service']} was away {it['away_s']} s of every {it['every_s']} s"
    ),
}
