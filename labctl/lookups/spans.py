"""A trace and its spans, and how Jaeger's JSON spells them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from labctl.lookups.http import Document

Attribute = str | int | float | bool
ORIGIN = "user_agent.synthetic.type"
"""What spans and log lines have that a request left which no client sent (services/common/origin.py)."""


@dataclass(frozen=True)
class Event:
    """Something that happened inside a span, an exception for instance; `at` in epoch seconds."""

    at: float
    attributes: dict[str, Attribute]


@dataclass(frozen=True)
class Span:
    """One operation of one service; `start` in epoch seconds, `duration` in seconds."""

    id: str
    parent_id: str | None
    service: str
    operation: str
    start: float
    duration: float
    attributes: dict[str, Attribute] = field(default_factory=dict)
    events: tuple[Event, ...] = ()

    @property
    def error(self) -> bool:
        """Whether the service marked this operation as failed."""
        return self.attributes.get("error") in (True, "true") or self.attributes.get("otel.status_code") == "ERROR"

    @property
    def of_clients(self) -> bool:
        """Whether it is of a client's request, or of what the service did by itself: not of somebody's own request."""
        return ORIGIN not in self.attributes

    @property
    def end(self) -> float:
        """Epoch seconds; never before the start."""
        return self.start + max(0.0, self.duration)


@dataclass(frozen=True)
class Trace:
    """All kept spans of one request; never empty."""

    id: str
    spans: tuple[Span, ...]
    cut: str = ""
    """Why it lacks spans, where the server left some out."""

    @property
    def finished(self) -> bool:
        """Whether its root is there: services send their spans when these end, the one that began it last of all."""
        return self.root.parent_id is None

    @property
    def start(self) -> float:
        """Epoch seconds of the earliest span."""
        return min(span.start for span in self.spans)

    @property
    def duration(self) -> float:
        """Seconds from the first start to the last end."""
        return max(span.end for span in self.spans) - self.start

    @property
    def root(self) -> Span:
        """The span without a kept parent that starts first: the request as it entered, where that was kept."""
        ids = {span.id for span in self.spans}
        tops = [span for span in self.spans if span.parent_id is None]
        tops = tops or [span for span in self.spans if span.parent_id not in ids] or list(self.spans)
        return min(tops, key=lambda span: (span.start, span.id))

    @property
    def spans_by_service(self) -> dict[str, int]:
        """How many spans each service has, in order of first appearance."""
        return dict(Counter(span.service for span in sorted(self.spans, key=lambda span: span.start)))

    @property
    def errors(self) -> int:
        """How many spans are marked as failed."""
        return sum(span.error for span in self.spans)


def traces_of(answer: Document) -> list[Trace]:
    """Return the traces of an answer of Jaeger's API, in its order."""
    found = (each for each in answer.get("data") or () if each.get("spans"))
    return [Trace(each["traceID"], tuple(_spans(each)), "; ".join(each.get("warnings") or ())) for each in found]


def _spans(document: Document) -> Iterable[Span]:
    services = {key: process["serviceName"] for key, process in document["processes"].items()}
    for span in document["spans"]:
        yield Span(
            id=span["spanID"],
            parent_id=_parent(span),
            service=services.get(span["processID"], "unknown"),
            operation=span["operationName"],
            start=span["startTime"] / 1e6,
            duration=span["duration"] / 1e6,
            attributes=_attributes(span.get("tags")),
            events=tuple(Event(log["timestamp"] / 1e6, _attributes(log["fields"])) for log in span.get("logs") or ()),
        )


def _parent(span: Document) -> str | None:
    references = span.get("references") or ()
    same_trace = (ref for ref in references if ref.get("traceID", span["traceID"]) == span["traceID"])
    # The span of a message's consumer follows from its producer's, and is drawn below that like a child.
    in_order = sorted(same_trace, key=lambda ref: ref.get("refType") != "CHILD_OF")
    return in_order[0]["spanID"] if in_order else None


def _attributes(tags: list[Document] | None) -> dict[str, Attribute]:
    return {tag["key"]: tag["value"] for tag in tags or ()}
