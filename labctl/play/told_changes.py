"""The changes around an incident as they were made, those included that healing took out of the feed.

Which of them broke the lab is written down with the incident; in the record of an older labctl it is known by their
time, as nobody else changed anything from the injection to the page then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from labctl.model.fault import Fault
from labctl.model.incident import Incident
from labctl.model.vocabulary import Component
from labctl.operate.hands import AUTHOR
from labctl.play.bearing import chain_places
from labctl.play.starting import PAGE
from labctl.state.change_feed import Change
from labctl.state.journal import Entry

BEFORE_S = 3600.0
"""How far before the injection the story begins: as far as somebody on call looks back."""
END = "end"
"""The kind of the journal's entry of an incident's end; payload: {"incident", "status", "at", "changes"}.

The changes are the numbers of the entries that the feed had then, from an hour before the injection on.
"""
LATER_PAGES = "later-pages"
"""The kind of the journal's entry of the pages after the first one; payload: {"incident", "pages"}, of each the moment
(epoch seconds) and the alert."""


class Part(StrEnum):
    """What a change had to do with the incident."""

    CAUSE = "cause"
    DECOY = "decoy"
    """Harmless, on a component of the causal chain, or laid beside the fault on purpose."""
    HARMLESS = "harmless"


@dataclass(frozen=True)
class ToldChange:
    """A change and its part in the incident."""

    change: Change
    part: Part


def told(
    fault: Fault, incident: Incident, entries: Sequence[Entry], changes: Iterable[Change]
) -> tuple[ToldChange, ...]:
    """Return the changes from an hour before the injection to the end; `entries` are the journal's since the page.

    The learner's own are left out: the story has them as mitigations.
    """
    until = incident.ended_at or incident.injected_at
    known = in_feed(incident, entries)
    places, causes = chain_places(fault), _causes(incident, _paged(incident, entries))
    return tuple(
        ToldChange(each, _part(fault, each, places, incident, causes(each)))
        for each in changes
        if incident.injected_at - BEFORE_S <= each.at <= until and (known is None or each.id in known)
        if each.author != AUTHOR
    )


def _part(fault: Fault, change: Change, places: frozenset[str], incident: Incident, injected: bool) -> Part:
    if injected and fault.root_cause.component is not Component.NONE:
        return Part.CAUSE
    laid = incident.around.decoy is not None and incident.around.decoy.feed == change.id
    return Part.DECOY if laid or change.component in places else Part.HARMLESS


def _causes(incident: Incident, paged: float) -> Callable[[Change], bool]:
    """Return by what a change is told that the injection made."""
    known = incident.around.cause
    if known is not None:
        return lambda change: change.id in known
    return lambda change: incident.injected_at <= change.at <= paged


def _paged(incident: Incident, entries: Sequence[Entry]) -> float:
    """Return until when nobody but the fault's injection could change anything."""
    own = (each.at for each in entries if each.kind == PAGE and each.payload.get("incident") == incident.id)
    return next(own, incident.page.at if incident.page else incident.injected_at)


def in_feed(incident: Incident, entries: Iterable[Entry]) -> frozenset[int] | None:
    """Return the numbers of the entries that the feed had at the end; None where the journal doesn't say.

    Healing takes entries out of the feed, and puts some in for a time that is past: neither changes what was read.
    """
    ends = (each.payload for each in entries if each.kind == END and each.payload.get("incident") == incident.id)
    return next((frozenset(payload["changes"]) for payload in ends if "changes" in payload), None)
