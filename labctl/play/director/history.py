"""The history of a lab's last days, for its change feed: drawn by a seed, and ending at what runs now.

A setting or a flag that was changed came back to the value that it has; a release led up to the version that runs.
"""

from __future__ import annotations

import random
import time
from collections.abc import Container, Iterator, Sequence
from typing import Final

from labctl.catalogue import colleagues
from labctl.catalogue.rehearsal import Call, rehearse
from labctl.images import releases
from labctl.images.patches import diff
from labctl.lab.lab import Lab
from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.deployed import Deployed
from labctl.model.draw import Draw
from labctl.model.versions import following
from labctl.operate import injection, steps
from labctl.play.director import office_hours, past
from labctl.state import settings
from labctl.state.change_feed import Change, NewChange

Pair = tuple[NewChange, NewChange]
"""A change, and the one that took it back."""

DAYS = 4
LEAST_IN_HOUR = 8
IN_HOUR = 10
BACKS_IN_HOUR = 6
JOBS_FOR_TRAFFIC = 5
"""Of so many jobs and announcements, one is an announcement."""
HOUR_S = 3600.0
NEWEST_S, OLDEST_S = 180.0, 2700.0
"""The ages between which the last hour's entries lie: they are in it for a while yet, and nothing waits for them."""
PAIRS = 5
LONE = 5
RELEASE: Final = "release"


def begin(lab: Lab, now: float | None = None) -> None:
    """Write the history of a new lab. Harmless in a lab with a feed."""
    if lab.store.changes.last_id():
        return
    now = time.time() if now is None else now
    draw = Draw(f"{lab.record.seed}/history")
    pairs, lone = _pairs(lab, draw), _lone(draw)
    recent = _recent(draw, pairs, lone, now)
    told = [*recent, *_older(lab, draw, pairs, lone[IN_HOUR:], now)]
    lab.store.changes.add_past(told)
    injection.keep_feed(lab)


def thin(lab: Lab) -> bool:
    """Whether the last hour of the feed holds little."""
    return len(lab.store.changes.list(since=time.time() - HOUR_S)) < LEAST_IN_HOUR


def refresh(lab: Lab, seed: str) -> None:
    """Fill the last hour of the feed where it holds little: after healing, and when a lab comes up after a pause.

    Never at an injection: entries that are dated before it, and were not there before it, would show what is new.
    """
    if not thin(lab):
        return
    now = time.time()
    draw = Draw(f"{seed}/hour")
    # What the feed tells of already must not be told to have been something else meanwhile.
    told = {_subject(each) for each in lab.store.changes.list()}
    pairs = [each for each in _pairs(lab, draw) if _subject(each[0]) not in told]
    lab.store.changes.add_past(_recent(draw, pairs, _lone(draw), now))


def _recent(draw: Draw, pairs: Sequence[Pair], lone: Sequence[NewChange], now: float) -> list[tuple[float, NewChange]]:
    """Return the last hour's entries: half of them take back what was changed before."""
    backs = pairs[:BACKS_IN_HOUR]
    entries = [*(back for _, back in backs), *lone[: IN_HOUR - len(backs)]]
    times = [now - draw.number(int(NEWEST_S), int(OLDEST_S)) for _ in entries]
    earlier = [office_hours.moment(draw, now - DAYS * 86400, now - HOUR_S) for _ in backs]
    return [*zip(times, entries, strict=True), *zip(earlier, (there for there, _ in backs), strict=True)]


def _older(
    lab: Lab, draw: Draw, pairs: Sequence[Pair], lone: Sequence[NewChange], now: float
) -> Iterator[tuple[float, NewChange]]:
    began, until = now - DAYS * 86400, now - HOUR_S
    for there, back in pairs[BACKS_IN_HOUR : BACKS_IN_HOUR + PAIRS]:
        first, second = sorted(office_hours.moment(draw, began, until) for _ in range(2))
        yield from ((first, there), (second, back))
    migrations = sorted(office_hours.moment(draw, began, until) for _ in past.MIGRATIONS)
    yield from zip(migrations, _migrations(draw), strict=True)
    tried = {there.component for there, _ in pairs[: BACKS_IN_HOUR + PAIRS] if there.kind == RELEASE}
    for each in [*_releases(lab, draw, tried), *lone[:LONE]]:
        yield office_hours.moment(draw, began, until), each


def _pairs(lab: Lab, draw: Draw) -> list[Pair]:
    """Return what was tried and taken back, in a drawn order: each setting, flag and service's release once."""
    found: dict[tuple[str, str], Pair] = {}
    for change in _drawn(draw, {ChangeKind.CONFIGURATION, ChangeKind.FLAG, ChangeKind.RELEASE}):
        for call in rehearse(change, Draw(f"{draw.seed}/{change.id}")):
            if call.mechanism == "releases" and (call.given[0], RELEASE) in found:
                continue  # reading a service's sources takes a while
            pair = _TRIED.get(call.mechanism, _setting)(lab, call, draw)
            if pair is not None:
                found.setdefault(_subject(pair[0]), pair)
    return list(found.values())


def _setting(lab: Lab, call: Call, draw: Draw) -> Pair | None:
    service, key, value = call.given if call.mechanism == "configuration" else ("redis", *call.given)
    now = lab.files.text(service)
    was, other = lab.files.setting(service, key), settings.with_value(now, key, value)
    if was == value:
        return None
    path = f"config/{service}.env"
    old, new = f"{key}={was}", f"{key}={value}"
    there = NewChange(
        "configuration", service, call.summary, old, new, call.author, settings.unified_diff(now, other, path)
    )
    return there, _back(there, draw, settings.unified_diff(other, now, path))


def _flag(lab: Lab, call: Call, draw: Draw) -> Pair | None:
    name, variant = call.given
    flag = lab.flag_file.flag(name)
    if flag.variant == variant:
        return None
    now, other = lab.flag_file.text(), lab.flag_file.switched({name: variant})
    path = "flags/flags.json"
    old, new = f"{name}={flag.variant}", f"{name}={variant}"
    there = NewChange("flag", flag.owner, call.summary, old, new, call.author, settings.unified_diff(now, other, path))
    return there, _back(there, draw, settings.unified_diff(other, now, path))


def _release(lab: Lab, call: Call, draw: Draw) -> Pair | None:
    service, release = call.given
    known = releases.release(service, release)
    if known is None or lab.releases.running(service):
        return None  # what runs is upon the shipped version, and so was what was tried, but not both
    now = lab.releases.version(service)
    tried = Deployed(release, following(now, random.Random(f"{draw.seed}/{service}")))
    detail = releases.stacked_diff(service, (), (tried,))
    there = NewChange(RELEASE, service, known.message, now, tried.version, call.author, detail)
    return there, _back(there, draw, releases.stacked_diff(service, (tried,), ()))


_TRIED = {"flags": _flag, "releases": _release}
"""How each mechanism's change is told as tried and taken back; the others' change a setting."""


def _subject(change: NewChange | Change) -> tuple[str, str]:
    """Return what a change changed: a service's release, one of its settings, or a flag."""
    return change.component, RELEASE if change.kind == RELEASE else change.new.partition("=")[0]


def _back(there: NewChange, draw: Draw, detail: str) -> NewChange:
    words = draw.one_of(*steps.WORDS)
    return NewChange(there.kind, there.component, words, there.new, there.old, draw.author(), detail)


def _lone(draw: Draw) -> list[NewChange]:
    """Return what came and went by itself, in a drawn order: jobs, and now and then traffic that was announced."""
    found = []
    jobs, traffic = _drawn(draw, {ChangeKind.JOB}), _drawn(draw, {ChangeKind.TRAFFIC})
    for number in range(IN_HOUR + LONE if jobs and traffic else 0):
        kind = traffic if number % JOBS_FOR_TRAFFIC == 1 else jobs
        change = kind[number % len(kind)]
        for call in rehearse(change, Draw(f"{draw.seed}/{change.id}/{number}")):
            told = (str(change.component), call.summary, "")
            if call.mechanism == "jobs":
                found.append(NewChange("job", *told, call.given[0].name, call.author))
            else:
                found.append(NewChange("traffic", *told, "", call.author))
    return found


def _migrations(draw: Draw) -> Iterator[NewChange]:
    for migration, words in zip(past.MIGRATIONS, past.MIGRATION_WORDS, strict=True):
        old, new = f"schema {migration.number - 1}", f"schema {migration.number}"
        detail = diff({}, {migration.file: migration.text})
        yield NewChange("migration", "postgres", words, old, new, draw.author(), detail)


def _releases(lab: Lab, draw: Draw, tried: Container[str]) -> Iterator[NewChange]:
    """Yield how each service came to its version; a release that was tried and rolled back is history enough."""
    for service in (each for each in past.RELEASED if each not in tried):
        version = lab.releases.version(service)
        before = _before(version)
        path = f"services/{service}/VERSION"
        detail = diff({path: f"{before}\n"}, {path: f"{version}\n"})
        yield NewChange(RELEASE, service, draw.one_of(*past.RELEASE_WORDS), before, version, draw.author(), detail)


def _before(version: str) -> str:
    """Return the version that was there before, such as 2.13.2 before 2.14.0."""
    major, minor, patch = (int(part) for part in version.split("."))
    return f"{major}.{minor}.{patch - 1}" if patch else f"{major}.{minor - 1}.2"


def _drawn(draw: Draw, kinds: set[ChangeKind]) -> list[ColleaguesChange]:
    fitting = [each for each in colleagues.usable()[0] if each.kind in kinds]
    return draw.sample(fitting, len(fitting))
