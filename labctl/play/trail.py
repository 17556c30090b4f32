"""The shortest path of evidence: what leads from the page back to the cause, and which own look-ups were on it.

Judged by what was asked for, with no telemetry needed: a query that reads what a link's figure reads shows that link;
the list of changes, and the difference of the component that was changed, show the change.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from labctl.base.errors import InputError
from labctl.base.times import parse_duration
from labctl.model.fault import Fault, Link
from labctl.model.incident import Incident
from labctl.model.probe import Probe
from labctl.model.verdict import Finding
from labctl.play import evidence_query
from labctl.play.bearing import cause_places
from labctl.play.looked import LookUp
from labctl.play.selectors import Selector, selectors
from labctl.play.told_changes import Part, ToldChange

THE_CHANGE = "the change"
THE_CAUSE = "the component of the root cause"
SUBMITTED = "evidence that counts"
_SERVICE = re.compile(r'service(?:_name)?="([^"]+)"')


@dataclass(frozen=True)
class Proof:
    """One step of the path: what it shows, the look-up that shows it, and the first own one that did, if any."""

    shows: str
    command: str
    seen_by: int | None
    seen_at_s: float | None
    """On the clock, which counts from the page and leaves pauses out."""


@dataclass(frozen=True)
class FirstSign:
    """The earliest abnormal signal, and when it was first looked at; null when it never was."""

    component: str
    probe: str
    onset_s: float
    """Counts from the injection."""
    before_page_s: float
    """How long before the page it showed; negative for one that showed after it."""
    seen_by: int | None
    seen_at_s: float | None
    """On the clock, which counts from the page and leaves pauses out."""


def bearing_of(look: LookUp, fault: Fault, incident: Incident, changes: Sequence[ToldChange]) -> tuple[str, ...]:
    """Return what a look-up showed of the answer: figures of the chain, the change, the cause; often nothing."""
    found = [link.probe.name for link in fault.chain[:-1] if shows(look, link.probe)]
    if _shows_change(look, changes):
        found.append(THE_CHANGE)
    if look.command in ("logs", "traces") and _services(look) & cause_places(fault):
        found.append(THE_CAUSE)
    if look.evidence in _counting(incident):
        found.append(SUBMITTED)
    return tuple(dict.fromkeys(found))


def path(fault: Fault, looks: Sequence[LookUp], changes: Sequence[ToldChange], incident: Incident) -> tuple[Proof, ...]:
    """Return the path from the page back to the cause: a link for each component on the way, then the change."""
    steps = [
        _proof(f"{link.component}: {link.claim}", _asking(link.probe), _first(looks, link.probe), incident)
        for link in _way_back(fault, looks)
    ]
    made = [each.change for each in changes if each.part is Part.CAUSE]
    if made:
        seen = next((look for look in looks if _shows_change(look, changes)), None)
        steps.append(
            _proof(f"{made[0].component}: {made[0].title}", f"labctl diff {made[0].component}", seen, incident)
        )
    return tuple(steps)


def first_sign(
    chain: Iterable[tuple[Link, float | None]], looks: Sequence[LookUp], incident: Incident
) -> FirstSign | None:
    """Return the link that showed first, of links with their onsets from the injection; None when none ever showed."""
    shown = [(at, link) for link, at in chain if at is not None]
    if not shown:
        return None
    at, link = min(shown, key=lambda each: each[0])
    seen = _first(looks, link.probe)
    return FirstSign(
        str(link.component),
        link.probe.name,
        at,
        -incident.elapsed_s(incident.injected_at) - at,
        seen.number if seen else None,
        incident.elapsed_s(seen.at) if seen else None,
    )


def shows(look: LookUp, probe: Probe) -> bool:
    """Whether a look-up's query reads a measurement that the probe reads."""
    if look.command != "metrics":
        return False
    asked, figures = _read(str(look.given.get("query", ""))), _read(probe.query)
    return any(one.overlaps(other) for one in asked for other in figures)


def _way_back(fault: Fault, looks: Sequence[LookUp]) -> Iterator[Link]:
    """Yield the links from the symptom's, which the page told, back to the cause: one a component.

    Of a component's links it is the one that was looked at, or else the nearest to the cause.
    """
    by_component: dict[str, list[Link]] = {}
    for link in fault.chain[:-1]:
        by_component.setdefault(str(link.component), []).append(link)
    for links in reversed(by_component.values()):
        yield next((link for link in links if _first(looks, link.probe)), links[0])


def _asking(probe: Probe) -> str:
    query = " ".join(probe.query.split())
    return f"labctl metrics '{query}'" if "'" not in query else f'labctl metrics "{query}"'


def _proof(shows: str, command: str, seen: LookUp | None, incident: Incident) -> Proof:
    return Proof(shows, command, seen.number if seen else None, incident.elapsed_s(seen.at) if seen else None)


def _first(looks: Iterable[LookUp], probe: Probe) -> LookUp | None:
    return next((look for look in looks if shows(look, probe)), None)


def _read(query: str) -> list[Selector]:
    parsed = evidence_query.parsed(query)
    try:
        return [] if parsed is None else list(selectors(parsed))
    except RecursionError:
        return []  # nested too deeply to be anybody's figure


def _services(look: LookUp) -> set[str]:
    if look.command == "traces":
        return {str(look.given.get("service") or "")} - {""}
    return set(_SERVICE.findall(str(look.given.get("query", ""))))


def _counting(incident: Incident) -> set[str]:
    return {
        piece
        for attempt in incident.attempts
        for piece, found in zip(attempt.evidence, attempt.findings, strict=True)
        if found is Finding.COUNTS
    }


def _shows_change(look: LookUp, changes: Sequence[ToldChange]) -> bool:
    made = [each.change for each in changes if each.part is Part.CAUSE]
    if look.command == "changes":
        return any(each.at >= look.at - _span(look) for each in made)
    if look.command != "diff":
        return False
    if look.given.get("old"):
        return any(_versions(look) == (each.component, each.old, each.new) for each in made)
    before = [each.change for each in changes if each.change.at <= look.at]
    last = [each for each in before if each.component == look.given.get("service")][-1:]
    return any(each in made for each in last)


def _versions(look: LookUp) -> tuple[object, object, object]:
    return look.given.get("service"), look.given.get("old"), look.given.get("new")


def _span(look: LookUp) -> float:
    since = str(look.given.get("since") or "")
    try:
        return parse_duration(since) if since else float("inf")
    except InputError:
        return 0.0
