"""The history of a lab's last days, for its change feed: drawn by a seed, and ending at what runs now.

A setting or a flag that was changed came back to the value that it has; a release led up to the version that runs.
"""

from __future__ import annotations

import time
from collections.abc import Container, Iterator, Sequence

from labctl.catalogue.rehearsal import rehearse
from labctl.images.patches import diff
from labctl.lab.lab import Lab
from labctl.model.colleague import ChangeKind
from labctl.model.draw import Draw
from labctl.operate import injection
from labctl.play.director import office_hours, past, tried
from labctl.play.director.tried import HOUR_S, RELEASE, Pair, drawn, released_at
from labctl.state.change_feed import NewChange

DAYS = 4
LEAST_IN_HOUR = 8
IN_HOUR = 10
BACKS_IN_HOUR = 6
RELEASES_IN_HOUR = 3
"""Of those, so many roll a release back, and healing leaves as many in the hour: a fault's release is not the only one
of its hour, and not always the largest difference."""
JOBS_FOR_TRAFFIC = 5
"""Of so many jobs and announcements, one is an announcement."""
NEWEST_S, OLDEST_S = 180.0, 2700.0
"""The ages between which the last hour's entries lie: they are in it for a while yet, and nothing waits for them."""
PAIRS = 5
LONE = 5


def begin(lab: Lab, now: float | None = None) -> None:
    """Write the history of a new lab. Harmless in a lab with a feed."""
    if lab.store.changes.last_id():
        return
    now = time.time() if now is None else now
    draw = Draw(f"{lab.record.seed}/history")
    pairs, lone = _releases_first(tried.pairs(lab, draw)), _lone(draw)
    recent = _recent(lab, draw, pairs, lone, now)
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
    now = time.time()
    missing = RELEASES_IN_HOUR - sum(each.kind == RELEASE for each in lab.store.changes.list(since=now - HOUR_S))
    few = thin(lab)
    if not few and missing <= 0:
        return
    draw = Draw(f"{seed}/hour")
    # What the feed tells of already must not be told to have been something else meanwhile.
    told = {tried.subject(each) for each in lab.store.changes.list() if each.kind != RELEASE}
    pairs = [each for each in _releases_first(tried.pairs(lab, draw)) if tried.subject(each[0]) not in told]
    if few:
        entries = _recent(lab, draw, pairs, _lone(draw), now)
    else:
        rolled_back = [each for each in pairs if each[0].kind == RELEASE][:missing]
        entries = list(_back_within_hour(lab, draw, rolled_back, now))
    lab.store.changes.add_past(entries)


def _releases_first(pairs: Sequence[Pair]) -> list[Pair]:
    """Return the pairs with as many releases in front as an hour holds; of the others, the order stays."""
    first = [each for each in pairs if each[0].kind == RELEASE][:RELEASES_IN_HOUR]
    return [*first, *(each for each in pairs if each not in first)]


def _recent(
    lab: Lab, draw: Draw, pairs: Sequence[Pair], lone: Sequence[NewChange], now: float
) -> list[tuple[float, NewChange]]:
    """Return the last hour's entries: half of them take back what was changed before."""
    backs = pairs[:BACKS_IN_HOUR]
    came = lone[: IN_HOUR - len(backs)]
    return [*((_lately(draw, now), each) for each in came), *_back_within_hour(lab, draw, backs, now)]


def _back_within_hour(lab: Lab, draw: Draw, pairs: Sequence[Pair], now: float) -> Iterator[tuple[float, NewChange]]:
    """Yield changes of the last days, and that they were taken back within the last hour."""
    for there, back in pairs:
        began = max(now - DAYS * 86400, released_at(lab, there.component) if there.kind == RELEASE else 0.0)
        yield office_hours.moment(draw, began, now - HOUR_S), there
        yield _lately(draw, now), back


def _lately(draw: Draw, now: float) -> float:
    return now - draw.number(int(NEWEST_S), int(OLDEST_S))


def _older(
    lab: Lab, draw: Draw, pairs: Sequence[Pair], lone: Sequence[NewChange], now: float
) -> Iterator[tuple[float, NewChange]]:
    began, until = now - DAYS * 86400, now - HOUR_S
    for there, back in pairs[BACKS_IN_HOUR : BACKS_IN_HOUR + PAIRS]:
        first, second = sorted(office_hours.moment(draw, began, until) for _ in range(2))
        yield from ((first, there), (second, back))
    migrations = sorted(office_hours.moment(draw, began, until) for _ in past.MIGRATIONS)
    yield from zip(migrations, _migrations(draw), strict=True)
    rolled_back = {there.component for there, _ in pairs[: BACKS_IN_HOUR + PAIRS] if there.kind == RELEASE}
    for each in [*_releases(lab, draw, rolled_back), *lone[:LONE]]:
        yield office_hours.moment(draw, began, until), each


def _lone(draw: Draw) -> list[NewChange]:
    """Return what came and went by itself, in a drawn order: jobs, and now and then traffic that was announced."""
    found = []
    jobs, traffic = drawn(draw, {ChangeKind.JOB}), drawn(draw, {ChangeKind.TRAFFIC})
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


def _releases(lab: Lab, draw: Draw, rolled_back: Container[str]) -> Iterator[NewChange]:
    """Yield how each service came to its version; a release that was tried and rolled back is history enough."""
    for service in (each for each in past.RELEASED if each not in rolled_back):
        version = lab.releases.version(service)
        before = _before(version)
        path = f"services/{service}/VERSION"
        detail = diff({path: f"{before}\n"}, {path: f"{version}\n"})
        yield NewChange(RELEASE, service, draw.one_of(*past.RELEASE_WORDS), before, version, draw.author(), detail)


def _before(version: str) -> str:
    """Return the version that was there before, such as 2.13.2 before 2.14.0."""
    major, minor, patch = (int(part) for part in version.split("."))
    return f"{major}.{minor}.{patch - 1}" if patch else f"{major}.{minor - 1}.2"
