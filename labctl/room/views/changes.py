"""Changes: the feed, by component and kind, each with its difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, Response, render_template, request

from labctl.actions import changes
from labctl.room.diffs import lines_of
from labctl.room.moments import moment
from labctl.room.site import here
from labctl.room.view import View, looked, page

SPANS = ("15m", "1h", "24h", "")
"""The spans that one can choose; the last means all."""


@dataclass(frozen=True)
class Day:
    """The changes of one day, the newest first."""

    name: str
    changes: tuple[changes.Change, ...]


def add(room: Blueprint) -> None:
    """Add the routes."""

    @room.get("/changes", endpoint="changes")
    def show() -> Response:
        since, component, kind = (request.args.get(each, "") for each in ("since", "component", "kind"))
        found = looked(lambda: changes.changes(here().lab, since))
        feed = found.value.changes if isinstance(found.value, changes.Changes) else ()
        return page(
            "changes.html",
            found.status,
            problem=found.problem,
            days=by_day(chosen(feed, component, kind)),
            components=sorted({each.component for each in feed} | ({component} - {""})),
            kinds=sorted({each.kind for each in feed} | ({kind} - {""})),
            asked={"since": since, "component": component, "kind": kind},
            spans=SPANS,
            total=len(feed),
        )

    @room.get("/changes/difference")
    def difference() -> str:
        at = moment(request.args.get("at", ""))
        found = changes.difference(here().lab, request.args.get("component", ""), at)
        return render_template("difference.html", change=found, lines=lines_of(found.diff))


def chosen(feed: Sequence[changes.Change], component: str, kind: str) -> list[changes.Change]:
    """Return the changes of a component and of a kind, the newest first; empty for any."""
    return [each for each in reversed(feed) if component in ("", each.component) and kind in ("", each.kind)]


def by_day(feed: Sequence[changes.Change]) -> list[Day]:
    """Return the changes, day by day."""
    days = groupby(feed, lambda each: each.at.astimezone().strftime("%A, %d %B"))
    return [Day(name, tuple(own)) for name, own in days]


VIEW = View("changes", "Changes", "c", add)
