"""A trace as a waterfall: a tree of spans, each with its place on the trace's time line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from labctl.lookups.gaps import Gaps
from labctl.lookups.spans import Span, Trace

_SHOWN = {
    "http.route": "route",
    "server.address": "to",
    "http.response.status_code": "status",
    "http.request.resend_count": "resend",
    "error.type": "error",
    "db.query.summary": "statement",
    "messaging.destination.name": "stream",
    "otel.status_description": "reason",
    "exception.message": "message",
}
"""The attributes that are shown of a span, in this order, and the short name of each."""
_RAILS_WIDTH = 45  # deeper trees are drawn as if they hung at this depth


@dataclass(frozen=True)
class Row:
    """One line: `branch` draws the tree, `offset` is seconds after the trace's start, `remark` says what is odd."""

    span: Span
    depth: int
    branch: str
    offset: float
    remark: str = ""


def rows(trace: Trace) -> list[Row]:
    """Return every span of `trace` exactly once, parents before children, whatever its references look like."""
    children = _children(trace.spans)
    drawn: set[int] = set()
    lines: list[Row] = []
    for top, remark in _tops(trace.spans, drawn):
        lines.extend(_below(top, remark, trace, children, drawn))
    gaps = Gaps.of(trace.spans)
    return [replace(line, remark="; ".join(filter(None, (line.remark, *gaps.remarks(line.span))))) for line in lines]


def branches(depths: Sequence[int]) -> list[str]:
    """Return what draws the tree of spans with these depths, parents before children, as `rows` does."""
    last_at, drawn = dict[int, bool](), list[str]()
    for depth in reversed(depths):
        # What comes next at this depth, before anything less deep, is a sibling.
        last = last_at.get(depth, True)
        last_at = {each: last for each, last in last_at.items() if each < depth} | {depth: False}
        drawn.append("└─ " if last else "├─ ")
    found, rails = list[str](), dict[int, str]()
    for depth, end in zip(depths, reversed(drawn), strict=True):
        above = rails.get(depth - 1, "")[-_RAILS_WIDTH:]
        found.append(above + end if depth else "")
        rails[depth] = (above + ("   " if end.startswith("└") else "│  ")) if depth else ""
    return found


def bar(offset: float, duration: float, total: float, width: int) -> tuple[int, int]:
    """Return where a bar begins and how long it is, in cells: at least 1 long and inside 0..`width`."""
    if total <= 0:
        return 0, width
    begin = min(max(int(offset / total * width), 0), width - 1)
    length = round(max(0.0, duration) / total * width)
    return begin, min(max(1, length), width - begin)


def key_attributes(span: Span) -> str:
    """Return the attributes that add to the span's name, as name=value; an exception's message from its event."""
    known = {**span.attributes}
    for event in span.events:
        known.setdefault("exception.message", event.attributes.get("exception.message", ""))
    shown = {name: str(known.get(key, "")) for key, name in _SHOWN.items()}
    return " ".join(f"{name}={value}" for name, value in shown.items() if value and value not in span.operation)


def _children(spans: tuple[Span, ...]) -> dict[int, list[int]]:
    """Return the indexes of each span's children, earliest first; a span id that comes twice keeps its first owner."""
    owner: dict[str, int] = {}
    for index, span in enumerate(spans):
        owner.setdefault(span.id, index)
    children: dict[int, list[int]] = defaultdict(list)
    for index in _by_start(spans):
        parent = spans[index].parent_id
        if parent and parent in owner:
            children[owner[parent]].append(index)
    return children


def _tops(spans: tuple[Span, ...], drawn: set[int]) -> Iterator[tuple[int, str]]:
    """Yield roots, then orphans, then the spans of a cycle of parents, which are below neither."""
    ids = {span.id for span in spans}
    in_order = _by_start(spans)
    yield from ((index, "") for index in in_order if not spans[index].parent_id)
    yield from (
        (index, "parent not kept") for index in in_order if index not in drawn and spans[index].parent_id not in ids
    )
    yield from ((index, "parent unknown") for index in in_order if index not in drawn)


def _below(top: int, remark: str, trace: Trace, children: dict[int, list[int]], drawn: set[int]) -> Iterator[Row]:
    """Yield the span `top` and all below it, depth first; without recursion, since a trace may be thousands deep."""
    waiting = [(top, 0, "", "")]
    while waiting:
        index, depth, branch, rails = waiting.pop()
        drawn.add(index)
        span = trace.spans[index]
        yield Row(span, depth, branch, span.start - trace.start, remark if index == top else "")
        below = [child for child in children.get(index, ()) if child not in drawn]
        for child in reversed(below):
            last = child == below[-1]
            tail = rails[-_RAILS_WIDTH:]
            waiting.append((child, depth + 1, tail + ("└─ " if last else "├─ "), tail + ("   " if last else "│  ")))


def _by_start(spans: tuple[Span, ...]) -> list[int]:
    return sorted(range(len(spans)), key=lambda index: (spans[index].start, spans[index].id, index))
