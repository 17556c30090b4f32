"""Judges a learner's evidence: whether it differs between the healthy window and the broken one.

    promql:QUERY   differs when its mean moved by half or more, beyond its healthy scatter (a counter: its growth)
    trace:ID       differs when it began in the broken window, with a slow or failed span at the component in the answer
    log:REGEX      differs when matching lines come at least three times as often as before, and three at the least

Evidence is judged by the component that the learner named, never by the true one, so the verdict on it gives no hint.
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from labctl.base.errors import InputError
from labctl.lookups.spans import Span, Trace
from labctl.model.measurement import Curve, Metrics, Window, finite
from labctl.model.samples import Series
from labctl.model.vocabulary import Component

MAX_PIECES = 5
MOVED = 1.5
SCATTER = 2.0
SLOW_SPAN_S = 0.1
LOG_FACTOR = 3.0
MIN_LOG_LINES = 3
_PEER_ATTRIBUTES = ("server.address", "db.system.name", "db.system", "peer.service")
_DATASTORES = {"postgresql": str(Component.POSTGRES)}


class Kind(StrEnum):
    """The kind of a piece of evidence: it says where the piece is looked up."""

    PROMQL = "promql"
    TRACE = "trace"
    LOG = "log"


@dataclass(frozen=True)
class Evidence:
    """One piece: a PromQL query, a trace id, or a pattern that log lines match."""

    kind: Kind
    text: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.text}"


@dataclass(frozen=True)
class Sources:
    """The lab's telemetry, in which evidence is looked up again."""

    metrics: Metrics
    trace: Callable[[str], Trace]
    count_lines: Callable[[str, Window], int]
    """How many log lines match a regular expression within a window."""


def parse_all(texts: Sequence[str]) -> tuple[Evidence, ...]:
    """Return the pieces, each once. Raises InputError for too many pieces, or for one that is not KIND:TEXT."""
    pieces = tuple(dict.fromkeys(parse(text) for text in texts))
    if len(pieces) > MAX_PIECES:
        raise InputError(f"{len(pieces)} pieces of evidence are too many", expected=f"at most {MAX_PIECES}: the best")
    return pieces


def parse(text: str) -> Evidence:
    """Return the piece that `text` states as KIND:TEXT."""
    kind, _, rest = text.partition(":")
    if kind.strip().lower() not in tuple(Kind) or not rest.strip():
        raise InputError(f"'{text}' is not evidence", expected="promql:QUERY, trace:ID or log:REGEX")
    return Evidence(Kind(kind.strip().lower()), rest.strip())


def shows(piece: Evidence, component: Component, sources: Sources, healthy: Window, broken: Window) -> bool:
    """Whether a piece differs between the windows. Errors of the look-up itself (a broken query) pass through."""
    match piece.kind:
        case Kind.PROMQL:
            return curve_differs(*(total_curve(sources.metrics, piece.text, window) for window in (healthy, broken)))
        case Kind.TRACE:
            return trace_differs(sources.trace(piece.text), component, broken)
        case Kind.LOG:
            before, after = (sources.count_lines(piece.text, window) for window in (healthy, broken))
            return lines_differ(before, after, healthy, broken)


def total_curve(metrics: Metrics, promql: str, window: Window) -> Curve:
    """Return the sum over all series of a query, second by second: it goes on when a container is replaced."""
    totals: dict[float, float] = {}
    for series in _series(metrics, promql, window):
        for at, value in finite(series.points):
            totals[at] = totals.get(at, 0.0) + value
    return tuple(sorted(totals.items()))


def _series(metrics: Metrics, promql: str, window: Window) -> list[Series]:
    return metrics.query_range(promql, window.start, window.end, window.step)


def curve_differs(healthy: Curve, broken: Curve) -> bool:
    """Whether the mean changed by the factor MOVED or more, and by more than SCATTER times its healthy deviation.

    An empty healthy curve counts as zero.
    """
    if not broken:
        return False
    if _is_counter(healthy) and _is_counter(broken):
        healthy, broken = _growth(healthy), _growth(broken)
    before = [value for _, value in healthy] or [0.0]
    was, now = statistics.fmean(before), statistics.fmean(value for _, value in broken)
    if abs(now - was) <= SCATTER * statistics.pstdev(before):
        return False
    low, high = sorted((abs(was), abs(now)))
    return high > 0 and high >= MOVED * low


def _is_counter(curve: Curve) -> bool:
    values = [value for _, value in curve]
    return len(values) > 2 and values[-1] > values[0] and all(a <= b for a, b in itertools.pairwise(values))


def _growth(curve: Curve) -> Curve:
    steps = itertools.pairwise(curve)
    return tuple((later, (high - low) / (later - sooner)) for (sooner, low), (later, high) in steps)


def trace_differs(trace: Trace, component: Component, broken: Window) -> bool:
    """Whether a trace began in the broken window and has a slow or failed span at the component."""
    wanted = set(component.split("-"))
    touching = [span for span in trace.spans if wanted & places(span)]
    return broken.contains(trace.start) and any(span.error or span.duration >= SLOW_SPAN_S for span in touching)


def places(span: Span) -> set[str]:
    """Return where a span happened: its service, and the datastore or service that it talked to."""
    talked_to = (str(span.attributes[key]) for key in _PEER_ATTRIBUTES if key in span.attributes)
    return {span.service, *(_DATASTORES.get(name, name) for name in talked_to)}


def lines_differ(before: int, after: int, healthy: Window, broken: Window) -> bool:
    """Whether matching log lines came LOG_FACTOR times as often in the broken window, and at least MIN_LOG_LINES."""
    if after < MIN_LOG_LINES or not broken.seconds:
        return False
    return after / broken.seconds >= LOG_FACTOR * before / max(healthy.seconds, 1.0)
