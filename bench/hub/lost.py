"""Whether every learner was told of everything: by what others of the team were told, and by what the labs wrote down.

An event says that a topic is to be read anew. Versions that follow each other within a moment may come as one event:
nothing is lost, as the newer one is read. So what must come is each version that stayed for a while, and, for each
thing that a lab wrote down, an event after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bench.hub.ear import Told

GRACE_S = 5.0
"""So late an event may come, and so long a version has to stay to be one that everybody must have."""


@dataclass(frozen=True)
class Heard:
    """What one learner was told, between opening the stream first and leaving."""

    name: str
    team: str
    since: float
    until: float
    told: tuple[Told, ...]


@dataclass(frozen=True)
class Stretch:
    """A time for which a topic of a team had one version."""

    topic: str
    version: str
    start: float
    end: float


@dataclass(frozen=True)
class Happened:
    """Something that a lab wrote down, of which an event of this topic has to tell."""

    topic: str
    at: float


@dataclass(frozen=True)
class Account:
    """What should have come, what did not, and how late what came was, in seconds."""

    expected: int
    missing: tuple[str, ...]
    late_s: tuple[float, ...]


def account(heard: Sequence[Heard], happened: Mapping[str, Sequence[Happened]]) -> Account:
    """Compare what everybody was told with their team's stream, and with what happened in their team's lab."""
    expected, missing, late = 0, list[str](), list[float]()
    by_team = {team: stretches(each for each in heard if each.team == team) for team in {each.team for each in heard}}
    for each in heard:
        for stretch in _within(by_team[each.team], each):
            expected += 1
            if stretch.version not in _versions(each, stretch):
                missing.append(f"{each.name} of {each.team}: {stretch.topic} {stretch.version}")
        for event in happened.get(each.team, ()):
            if each.since <= event.at <= each.until - GRACE_S:
                expected += 1
                delay = _delay(each, event)
                late += [] if delay is None else [delay]
                missing += [f"{each.name} of {each.team}: {event.topic} at {event.at:.1f}"] if delay is None else []
    return Account(expected, tuple(missing), tuple(late))


def stretches(heard: Iterable[Heard]) -> list[Stretch]:
    """Return for how long each topic had which version, by what all of a team were told."""
    mates = list(heard)
    told = sorted((one for each in mates for one in each.told), key=lambda one: one.at)
    last = max((each.until for each in mates), default=0.0)
    return [one for topic in dict.fromkeys(each.topic for each in told) for one in _of(topic, told, last)]


def _of(topic: str, told: Iterable[Told], last: float) -> Iterator[Stretch]:
    version, start = "", 0.0
    for each in told:
        if each.topic == topic and each.version != version:
            if version:
                yield Stretch(topic, version, start, each.at)
            version, start = each.version, each.at
    yield Stretch(topic, version, start, last)


def _within(found: Iterable[Stretch], each: Heard) -> Iterator[Stretch]:
    """Yield those that stayed long enough while somebody was there."""
    for one in found:
        start, end = max(one.start, each.since), min(one.end, each.until)
        if end - start >= GRACE_S:
            yield one


def _versions(each: Heard, stretch: Stretch) -> set[str]:
    """Return which versions somebody knew at some moment of a stretch: one that came before it, too, if it stayed."""
    own = [one for one in each.told if one.topic == stretch.topic and one.at <= stretch.end]
    before = [one.version for one in own if one.at <= stretch.start][-1:]
    return {*before, *(one.version for one in own if one.at > stretch.start)}


def _delay(each: Heard, event: Happened) -> float | None:
    after = (one.at - event.at for one in each.told if one.topic == event.topic and one.at >= event.at)
    first = next(after, None)
    return first if first is not None and first <= GRACE_S else None
