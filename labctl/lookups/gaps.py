"""What a trace lacks, and what does not fit in it: a callee without a span, a span outside of its parent's time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from labctl.base.times import show_duration
from labctl.lookups.spans import Span
from labctl.model.services import SERVICES

NOTICEABLE_S = 0.001
"""Clocks of one host and the order in which a service ends its spans differ by less."""
CALL, WORK = "client", "consumer"
"""The kinds of a span that calls somebody, and of one that works on a message, which may be long after its parent."""
SPEAKING = frozenset(name for name, each in SERVICES.items() if each.sources and each.ours and each.shown)
"""The services that make spans of what they are asked."""


@dataclass(frozen=True)
class Gaps:
    """One trace's spans by their ids, and which services are right below each."""

    spans: Mapping[str, Span]
    below: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, spans: Sequence[Span]) -> Gaps:
        """Return what is known of a trace; a span id that comes twice keeps its first owner."""
        below: defaultdict[str, set[str]] = defaultdict(set)
        for each in spans:
            below[each.parent_id or ""].add(each.service)
        known = {each.id: each for each in reversed(spans)}
        return cls(known, {key: frozenset(services) for key, services in below.items()})

    def remarks(self, span: Span) -> Iterator[str]:
        """Yield what is odd about a span, besides a parent that is not there."""
        callee = str(span.attributes.get("server.address", "")).partition(":")[0]
        if span.attributes.get("span.kind") == CALL and callee in SPEAKING - self.below.get(span.id, frozenset()):
            yield f"no span of {callee}"
        parent = self.spans.get(span.parent_id or "")
        if parent is None or parent is span:
            return
        if parent.start - span.start > NOTICEABLE_S:
            yield f"began {show_duration(parent.start - span.start)} before its parent"
        if span.end - parent.end > NOTICEABLE_S and span.attributes.get("span.kind") != WORK:
            yield f"ended {show_duration(span.end - parent.end)} after its parent"
