"""The timeline of a debrief as lanes, one for each kind of event: places are thousandths of the whole time."""

from __future__ import annotations

from dataclasses import dataclass

from labctl.actions.debrief import Debrief, Event
from labctl.room.views.spans import Scale

CHANGES = {"cause": "the cause", "decoy": "decoy"}
ORDER = ("the cause", "decoy", "other change", "effect", "page", "look-up", "hypothesis", "note", "status-update",
         "mitigation", "clock", "submission", "end")  # fmt: skip
MARGIN = 0.06
"""Of the incident's length, left free at both ends."""


@dataclass(frozen=True)
class Dot:
    """One event: its number in the list below, and where it is."""

    number: int
    event: Event
    x: float


@dataclass(frozen=True)
class Lane:
    """The events of one kind."""

    name: str
    kind: str
    dots: tuple[Dot, ...]


@dataclass(frozen=True)
class Lanes:
    """The timeline: from `start_s` to `end_s` after the page, and the part from the fault to the end."""

    lanes: tuple[Lane, ...]
    start_s: float
    end_s: float
    incident: tuple[float, float]
    """From where to where the incident itself goes, in thousandths."""
    marks: tuple[tuple[str, float], ...]
    """The change and the page."""


def lanes(told: Debrief) -> Lanes:
    """Return the lanes of a debrief."""
    page = told.paged_at.timestamp()
    change, end = told.injected_at.timestamp() - page, told.ended_at.timestamp() - page
    margin = max(10.0, MARGIN * (end - change))
    times = [each.at_s for each in told.timeline]
    start, last = min([change, *times]) - margin, max([end, *times]) + margin
    scale = Scale(start, last)
    found: dict[str, list[Dot]] = {}
    for number, event in enumerate(told.timeline):
        found.setdefault(lane_of(event), []).append(Dot(number, event, scale.x(event.at_s)))
    return Lanes(
        tuple(Lane(name, str(found[name][0].event.kind), tuple(found[name])) for name in ORDER if name in found),
        start,
        last,
        (scale.x(change - margin), scale.x(end + margin)),
        (("change", scale.x(change)), ("page", scale.x(0.0))),
    )


def lane_of(event: Event) -> str:
    """Return the lane of an event: its kind, and for a change what it had to do with the incident."""
    return CHANGES.get(event.part, "other change") if event.kind == "change" else str(event.kind)
