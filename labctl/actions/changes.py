"""Reading the change feed, and showing the difference that a change made."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from labctl.actions.answer import Answer, moment
from labctl.actions.elsewhere import reachable
from labctl.actions.looking import look
from labctl.base.errors import InputError, LabStateError, NotFoundError
from labctl.base.text import checked, number_of
from labctl.base.times import iso, parse_duration
from labctl.images import releases
from labctl.lab import release_history
from labctl.lab.lab import Lab
from labctl.state import change_feed
from labctl.state.change_feed import PASSING


@dataclass(frozen=True)
class Change:
    """One entry of the feed; `summary` may have several lines."""

    id: int
    """Its place in the feed, from 1: what is not in the feed leaves no gap."""
    at: datetime
    kind: str
    component: str
    summary: str
    old: str
    new: str
    author: str


@dataclass(frozen=True)
class Changes(Answer):
    """The changes made to the lab, the oldest first."""

    schema: ClassVar[str] = "labctl.changes/1"
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Difference(Answer):
    """The difference that a change made, as a unified diff; between two releases `at` is null."""

    schema: ClassVar[str] = "labctl.diff/1"
    service: str
    kind: str
    old: str
    new: str
    at: datetime | None
    author: str | None
    summary: str
    diff: str


@reachable
def changes(name: str, since: str = "") -> Changes:
    """Return the changes of the last `since`, such as 5m, or all of them. Raises InputError."""
    start = time.time() - parse_duration(since, "--since") if since else 0.0
    lab = look(name, "changes", since=since)
    # By time: the order in which they were written down would tell what was made from what is only told.
    numbered = enumerate(lab.store.changes.list(), start=1)
    return Changes(tuple(_change(place, each) for place, each in numbered if each.at >= start))


@reachable
def diff(name: str, service: str, old: str = "", new: str = "", back: int = 0) -> Difference:
    """Return a service's last change (or the one `back` before it), or the difference between two of its versions.

    Jobs and announced traffic, which change no file, are left out. Raises NotFoundError with the nearest service or
    version, InputError when only one version is given or there are fewer changes, LabStateError when the service was
    never changed.
    """
    for text in (service, old, new):
        checked(text, "the name")
    lab = Lab.open(name)
    if old and not new:
        raise InputError(
            "one version is not enough to compare",
            expected="two versions, or none for the last change",
            todo=f"known versions of {service}: {', '.join(release_history.known_versions(lab, service))}",
        )
    found = _between(lab, service, old, new) if old else _last(lab, service, back)
    look(name, "diff", service=service, old=old, new=new, **({"back": back} if back else {}))
    return found


def difference(name: str, component: str, at: datetime) -> Difference:
    """Return the difference that one change of the feed made, told by its component and its moment.

    Raises NotFoundError when the feed has no such change (any more).
    """
    lab = Lab.open(name)
    feed = {moment(each.at): each for each in lab.store.changes.list(component=checked(component, "the component"))}
    if at not in feed:
        raise NotFoundError(f"change of {component} at", iso(at.timestamp()), [], todo="read the feed again")
    change = feed[at]
    look(name, "diff", service=component, old=change.old, new=change.new)
    return _told(lab, change)


def _between(lab: Lab, service: str, old: str, new: str) -> Difference:
    found = release_history.between(lab, service, old, new)
    return Difference(service, "release", old, new, None, found.author, found.summary, found.diff)


def _last(lab: Lab, service: str, back: int) -> Difference:
    feed = [each for each in lab.store.changes.list(component=service) if each.kind not in PASSING]
    if back and len(feed) <= back:
        raise InputError(f"{service} was changed {number_of(len(feed), 'time')}", expected="a smaller --back")
    if not feed:
        known = {*releases.services(), *lab.files.services()}
        if service not in known:
            raise NotFoundError("service", service, known)
        raise LabStateError(
            f"{service} has not been changed in this lab", todo=f"`labctl diff {service} OLD NEW` compares two versions"
        )
    return _told(lab, feed[-1 - back])


def _told(lab: Lab, change: change_feed.Change) -> Difference:
    return Difference(
        service=change.component,
        kind=change.kind,
        old=change.old,
        new=change.new,
        at=moment(change.at),
        author=change.author,
        summary=change.summary,
        diff=_detail(lab, change),
    )


def _detail(lab: Lab, change: change_feed.Change) -> str:
    if change.detail or change.kind != "release":
        return change.detail
    return release_history.between(lab, change.component, change.old, change.new).diff


def _change(place: int, change: change_feed.Change) -> Change:
    return Change(
        id=place,
        at=moment(change.at),
        kind=change.kind,
        component=change.component,
        summary=change.summary,
        old=change.old,
        new=change.new,
        author=change.author,
    )
