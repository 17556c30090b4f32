"""Logs: lines by service, level, text and trace, how many over time, what they have in common, what is new."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, render_template, request

from labctl.actions import log_views, logs
from labctl.actions.logs import Line, Logs, Wanted
from labctl.base.times import parse_duration
from labctl.room.moments import moment
from labctl.room.problems import Part, part
from labctl.room.site import here
from labctl.room.view import View, looked, page
from labctl.room.views.bars import Bars, bars

SPANS = ("1m", "2m", "5m", "15m", "1h")
LEVELS = ("debug", "info", "warn", "error")
SERVICES = ("clients", "gateway", "payments", "risk", "ledger", "jobs")
SHOWN = 200
EXAMINED = 1500
"""So many lines are put together to patterns."""
MOST_ASIDE = 40


@dataclass(frozen=True)
class Asked:
    """What the address asks for; a field that is empty means any."""

    service: str = ""
    level: str = ""
    grep: str = ""
    trace: str = ""
    since: str = "2m"
    until: str = ""
    view: str = ""
    aside: tuple[str, ...] = ()
    """The ids of the patterns that were put aside."""

    @property
    def wanted(self) -> Wanted:
        """Which lines."""
        return Wanted(self.service, self.grep, self.trace, self.level)

    @property
    def end(self) -> datetime | None:
        """The end of the time that was asked for; None for now. Raises InputError."""
        return moment(self.until) if self.until else None

    def with_(self, **changed: Any) -> dict[str, Any]:  # noqa: ANN401 - values of an address
        """Return the parameters of an address that differs from this one."""
        own = {**vars(self), "aside": list(self.aside)}
        return {key: value for key, value in {**own, **changed}.items() if value}

    def pairs(self, **changed: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - as above
        """Return the same as pairs: for addresses that are written many times on a page."""
        found = self.with_(**changed)
        lists = ((name, each if isinstance(each, list) else [each]) for name, each in found.items())
        return [(name, each) for name, own in lists for each in own]


def add(room: Blueprint) -> None:
    """Add the routes."""

    @room.get("/logs", endpoint="logs")
    def show() -> Response:
        asked = _asked()
        lab = here().lab
        most = EXAMINED if asked.view == "patterns" or asked.aside else SHOWN
        found: Part[Any] = looked(lambda: logs.logs(lab, asked.wanted, since=asked.since, limit=most, until=asked.end))
        answer = found.value if isinstance(found.value, Logs) else None
        return page("logs.html", found.status, asked=asked, problem=found.problem, **_parts(lab, asked, answer))

    @room.get("/logs/newer")
    def newer() -> str:
        asked = _asked()
        lines = log_views.newer(here().lab, asked.wanted, moment(request.args.get("known", "")))
        return render_template("log_lines.html", lines=_rest(lines, asked)[::-1], asked=asked, id_of=ids())

    @room.get("/logs/around")
    def around() -> str:
        service, at = request.args.get("service", ""), moment(request.args.get("at", ""))
        lines = log_views.around(here().lab, service, at)
        return render_template("log_around.html", lines=lines, at=at)


def _asked() -> Asked:
    given = {name: request.args.get(name, "") for name in ("service", "level", "grep", "trace", "until", "view")}
    since = request.args.get("since", "") or Asked.since
    return Asked(**given, since=since, aside=tuple(request.args.getlist("aside")[:MOST_ASIDE]))


def _parts(lab: str, asked: Asked, answer: Logs | None) -> Mapping[str, object]:
    """Return what the page shows of an answer, and nothing for none."""
    lines = answer.lines if answer else ()
    rest = _rest(lines, asked)
    histogram = part(lambda: _bars(lab, asked, answer)) if answer else Part(None)
    return {
        "answer": answer,
        "lines": rest[-SHOWN:][::-1],
        "put_aside": len(lines) - len(rest),
        "patterns": log_views.patterns(rest) if asked.view == "patterns" else [],
        "examined": len(rest),
        "bars": histogram.value,
        "spans": SPANS,
        "levels": LEVELS,
        "services": SERVICES,
        "id_of": ids(),
    }


def _rest(lines: Sequence[Line], asked: Asked) -> list[Line]:
    aside = set(asked.aside)
    return [each for each in lines if not aside or log_views.pattern_id(each) not in aside]


def _bars(lab: str, asked: Asked, answer: Logs) -> Bars:
    start = answer.end - timedelta(seconds=parse_duration(asked.since, "the span"))
    wanted = asked.wanted
    if asked.trace and answer.lines:  # the search has found the whole id of what was typed
        wanted = Wanted(wanted.service, wanted.grep, answer.lines[-1].trace_id, wanted.level)
    return bars(log_views.histogram(lab, wanted, start, answer.end))


def ids() -> Callable[[Line], str]:
    """Return what names the lines of one answer: the same line has the same name when it is read again.

    Lines that are alike in everything (whoever sent them may have sent them twice) are numbered.
    """
    seen: Counter[str] = Counter()

    def id_of(line: Line) -> str:
        text = "\0".join(map(str, (line.at, line.service, line.message, line.span_id, sorted(line.attributes.items()))))
        name = "l" + hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
        seen[name] += 1
        return name if seen[name] == 1 else f"{name}-{seen[name]}"

    return id_of


VIEW = View("logs", "Logs", "l", add)
