"""Looks a learner's evidence up again: whether it differs between the healthy window and the broken one, and where.

    promql:QUERY    differs when its mean moved by half or more, beyond its healthy scatter (what grows: its growth)
    trace:ID        differs when it began in the broken window, with a slow or failed span
    log:REGEX       differs when matching lines come at least three times as often as before, and three at the least
    log:{risk} REGEX    the same, of one service's lines

What counts is what the clients' requests left, and the services' own work; what a request left that somebody sent to
the gateway to try it out does not. Figures of what a container uses can't tell the two apart: no figure is evidence
while more than a tenth of the requests are the learner's own.

What can't be evidence whatever broke (a clock, the page's own figure, what matches nothing, what points nowhere) is
refused before anything is judged: that costs nothing, and tells nothing of the answer. Whether a piece bears on the
answer is judged elsewhere (`bearing`), and told in the debrief only.
"""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from labctl.base.errors import InputError, LookupFailedError
from labctl.lookups.spans import Span, Trace
from labctl.model.measurement import Curve, Metrics, Window, finite
from labctl.model.samples import Series
from labctl.model.vocabulary import Component
from labctl.play import evidence_query, own_requests
from labctl.play.selectors import Selector, resolved

MAX_PIECES = 5
MAX_PLACES = 2
"""Evidence says where something happens: at one service, or between two."""
MOVED = 1.5
SCATTER = 2.0
SLOW_SPAN_S = 0.1
LOG_FACTOR = 3.0
MIN_LOG_LINES = 3
_PEER_ATTRIBUTES = ("server.address", "db.system.name", "db.system", "peer.service")
_DATASTORES = {"postgresql": str(Component.POSTGRES)}
_OF_SERVICE = re.compile(r"\{([a-z][a-z-]*)\}\s*(\S.*)", re.DOTALL)


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

    @property
    def lines(self) -> tuple[str | None, str]:
        """Whose log lines are meant (None for everybody's), and the pattern that they match."""
        found = _OF_SERVICE.fullmatch(self.text)
        return (found[1], found[2]) if found else (None, self.text)


@dataclass(frozen=True)
class Symptom:
    """What the page itself measures, and the service that it names."""

    selectors: tuple[Selector, ...] = ()
    service: str = ""
    recordings: Mapping[str, str] | None = None
    """The queries of recorded series, by their names."""


@dataclass(frozen=True)
class Sources:
    """The lab's telemetry, in which evidence is looked up again."""

    metrics: Metrics
    trace: Callable[[str], Trace]
    lines: Callable[[str | None, str, Window], Mapping[str, int]]
    """How many log lines, by service, match a regular expression within a window: of one service, or of all; without
    those that a request of somebody's own left."""
    symptom: Symptom = Symptom()


@dataclass(frozen=True)
class Looked:
    """What a piece showed: whether it differs, and at which services."""

    kind: Kind
    differs: bool
    places: frozenset[str]


def parse_all(texts: Sequence[str]) -> tuple[Evidence, ...]:
    """Return the pieces, each once. Raises InputError for too many pieces, and for what can't be evidence."""
    pieces = tuple(dict.fromkeys(parse(text) for text in texts))
    if len(pieces) > MAX_PIECES:
        raise InputError(f"{len(pieces)} pieces of evidence are too many", expected=f"at most {MAX_PIECES}: the best")
    return pieces


def parse(text: str) -> Evidence:
    """Return the piece that `text` states as KIND:TEXT."""
    kind, _, rest = text.partition(":")
    if kind.strip().lower() not in tuple(Kind) or not rest.strip():
        raise InputError(
            f"'{text}' is not evidence", expected="promql:QUERY, trace:ID, log:REGEX or log:{SERVICE} REGEX"
        )
    return Evidence(Kind(kind.strip().lower()), rest.strip())


def require_plain(piece: Evidence) -> None:
    """Raise InputError for a query that can't be evidence, whatever broke; what is no PromQL is left to Prometheus."""
    if piece.kind is not Kind.PROMQL:
        return
    query = evidence_query.parsed(piece.text)
    if query is not None and (flaw := evidence_query.flaw(query)):
        raise InputError(f"'{piece}' can't be evidence: {flaw}", expected=evidence_query.EXPECTED)


def look_up(piece: Evidence, sources: Sources, healthy: Window, broken: Window) -> Looked:
    """Return what a piece shows. Raises InputError, LookupFailedError for what can't be evidence."""
    match piece.kind:
        case Kind.PROMQL:
            return _query(piece, sources, healthy, broken)
        case Kind.TRACE:
            return _trace(_of_clients(piece, sources.trace(piece.text)), broken)
        case Kind.LOG:
            return _lines(piece, sources, healthy, broken)


def _query(piece: Evidence, sources: Sources, healthy: Window, broken: Window) -> Looked:
    require_plain(piece)
    _require_clients(piece, sources.metrics, broken)
    before, after = (total_curve(sources.metrics, piece.text, window) for window in (healthy, broken))
    query = evidence_query.parsed(piece.text)
    if query is None:
        raise InputError(f"'{piece}' is not PromQL that labctl can read", expected=evidence_query.EXPECTED)
    if not (before or after):
        raise _nothing(piece)
    used = resolved(query, sources.symptom.recordings or {})
    if any(each.overlaps(paged) for each in used for paged in sources.symptom.selectors):
        raise InputError(
            f"'{piece}' is what the page measures: it repeats the symptom", expected="a figure of what is behind it"
        )
    whole = Window(healthy.start, broken.end)
    found = [_services(sources.metrics, each, whole) for each in used]
    return Looked(piece.kind, curve_differs(before, after), _few(piece, frozenset().union(*found)))


def _require_clients(piece: Evidence, metrics: Metrics, broken: Window) -> None:
    own = own_requests.share(metrics, broken)
    if own > own_requests.MATERIAL:
        raise InputError(
            f"'{piece}' can't be evidence now: {own:.0%} of the requests lately were your own, and figures show them",
            expected=f"at most {own_requests.MATERIAL:.0%}",
            todo="send none for a while, or take a trace or log lines; nothing was judged",
        )


def _services(metrics: Metrics, selector: Selector, window: Window) -> frozenset[str]:
    series = metrics.query_range(where(selector.text), window.start, window.end, window.step)
    return frozenset(each.labels.get("service", "") for each in series)


def where(selector: str) -> str:
    """Return the query for the services that a selector has series of."""
    return f"group by (service) ({selector})"


def _few(piece: Evidence, places: frozenset[str]) -> frozenset[str]:
    if len(places) > MAX_PLACES:
        example = f"log:{{risk}} {piece.text}" if piece.kind is Kind.LOG else 'a label such as {service="risk"}'
        raise InputError(
            f"'{piece}' shows {len(places)} services at once: it does not say where",
            expected=f"one service, or two: {example}",
        )
    return places


def _nothing(piece: Evidence) -> LookupFailedError:
    return LookupFailedError(
        f"'{piece}' matches nothing, neither before the page nor since",
        expected="something that is there, and that no request of your own left",
        todo="try it with `labctl metrics` or `labctl logs`; nothing was judged",
    )


def _lines(piece: Evidence, sources: Sources, healthy: Window, broken: Window) -> Looked:
    before, after = (sources.lines(*piece.lines, window) for window in (healthy, broken))
    if not (before or after):
        raise _nothing(piece)
    differs = lines_differ(sum(before.values()), sum(after.values()), healthy, broken)
    return Looked(piece.kind, differs, _few(piece, frozenset(after or before)))


def _of_clients(piece: Evidence, trace: Trace) -> Trace:
    """Leave out the spans that somebody's own request left: one may carry the trace id of a client's, too."""
    spans = tuple(span for span in trace.spans if span.of_clients)
    if not spans:
        raise InputError(
            f"'{piece}' is the trace of a request of your own, which shows what you asked for",
            expected="a trace of the clients' traffic: `labctl traces` lists them",
        )
    return replace(trace, spans=spans)


def _trace(trace: Trace, broken: Window) -> Looked:
    if not broken.contains(trace.start):
        return Looked(Kind.TRACE, False, frozenset())
    telling = [span for span in trace.spans if span.error or span.duration >= SLOW_SPAN_S]
    return Looked(Kind.TRACE, bool(telling), frozenset().union(*map(places, telling or trace.spans)))


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
    if _drifts(healthy) and _drifts(broken):
        healthy, broken = _growth(healthy), _growth(broken)
    before = [value for _, value in healthy] or [0.0]
    was, now = statistics.fmean(before), statistics.fmean(value for _, value in broken)
    if abs(now - was) <= SCATTER * statistics.pstdev(before):
        return False
    low, high = sorted((abs(was), abs(now)))
    return high > 0 and high >= MOVED * low


def _drifts(curve: Curve) -> bool:
    """Whether a curve only ever grows, or only ever shrinks, as a counter does and whatever is made of one."""
    values = [value for _, value in curve]
    if len(values) <= 2 or values[-1] == values[0]:
        return False
    return all(a <= b for a, b in itertools.pairwise(values)) or all(a >= b for a, b in itertools.pairwise(values))


def _growth(curve: Curve) -> Curve:
    steps = itertools.pairwise(curve)
    return tuple((later, (high - low) / (later - sooner)) for (sooner, low), (later, high) in steps)


def places(span: Span) -> set[str]:
    """Return where a span happened: its service, and the datastore or service that it talked to."""
    talked_to = (str(span.attributes[key]) for key in _PEER_ATTRIBUTES if key in span.attributes)
    return {span.service, *(_DATASTORES.get(name, name) for name in talked_to)}


def lines_differ(before: int, after: int, healthy: Window, broken: Window) -> bool:
    """Whether matching log lines came LOG_FACTOR times as often in the broken window, and at least MIN_LOG_LINES."""
    if after < MIN_LOG_LINES or not broken.seconds:
        return False
    return after / broken.seconds >= LOG_FACTOR * before / max(healthy.seconds, 1.0)
