"""Dashboards: the same files as Grafana's, drawn here. The page has the panels; one request brings what all show."""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for

from labctl.actions import dashboards, marks
from labctl.actions.answer import moment as at_moment
from labctl.actions.answer import plain
from labctl.actions.dashboard_data import Shown
from labctl.actions.dashboards import Fresh, Wanted
from labctl.base.errors import InputError
from labctl.base.times import parse_duration
from labctl.model.dashboard import Dashboard, Panel
from labctl.room import markdown
from labctl.room.moments import moment
from labctl.room.problems import Part, part, status_of
from labctl.room.site import here
from labctl.room.view import View, looked, page

SPANS = ("5m", "15m", "30m", "1h")
VARIABLE = "var-"
"""The names of variables in addresses begin so, as Grafana's do."""


def add(room: Blueprint) -> None:
    """Add the routes."""

    @room.get("/dashboards", endpoint="dashboards")
    def show() -> Response:
        wanted = _wanted()
        lab = here().lab
        found: Part[Any] = looked(lambda: dashboards.opened(lab, wanted))
        board = found.value if isinstance(found.value, Dashboard) else None
        span = wanted.span or (board.span if board else SPANS[1])
        return page(
            "dashboards.html",
            found.status,
            problem=found.problem,
            board=board,
            shelf=dashboards.shelf(),
            asked=request.args.to_dict(flat=False),
            chosen=dict(wanted.chosen or {}),
            span=span,
            spans=SPANS if span in SPANS else (*SPANS, span),
            until=request.args.get("until", ""),
            drawn=drawn,
            query_of=lambda target: dashboards.query_of(board, target, wanted) if board else "",
            markdown=markdown.rendered,
        )

    @room.get("/dashboards/data", endpoint="dashboard_data")
    def data() -> Response:
        wanted, fresh = _wanted(), _fresh()
        found = part(lambda: dashboards.frames(here().watch, wanted, fresh))
        if found.value is None:
            return _refused(found)
        answer, at = found.value, found.value.moments
        return jsonify(
            first=at.first,
            last=at.last,
            step=at.step,
            options=answer.options,
            panels={str(number): _told(each) for number, each in answer.panels.items()},
        )

    @room.get("/marks", endpoint="marks")
    def marked() -> Response:
        """Return what is marked on graphs, over a time; without the alerts while Prometheus is away."""
        until = request.args.get("until", "")
        end = moment(until) if until else at_moment(time.time())
        start = end - timedelta(seconds=parse_duration(request.args.get("range", SPANS[1]), "range"))
        watch = here().watch
        found = [part(lambda: marks.changes(watch, start, end)), part(lambda: marks.alerts(watch, start, end))]
        return jsonify(marks=[_mark(each) for some in found for each in some.value or ()])


def drawn(panel: Panel) -> str:
    """Return what the browser has to know of a panel to draw it, as JSON: all but its queries, only what is said."""
    known = dataclasses.asdict(panel)
    for name in ("targets", "place", "description", "unsupported"):
        known.pop(name)
    known["slow"] = panel.asks_logs
    return json.dumps(_without_none(known))


def _without_none(value: Any) -> Any:  # noqa: ANN401 - any part of a panel
    if isinstance(value, dict):
        return {key: _without_none(each) for key, each in value.items() if each is not None}
    return [_without_none(each) for each in value] if isinstance(value, list | tuple) else value


def _wanted() -> Wanted:
    given = request.args
    chosen = {
        name.removeprefix(VARIABLE): tuple(each for each in given.getlist(name) if each)
        for name in given
        if name.startswith(VARIABLE)
    }
    until = given.get("until", "")
    return Wanted(
        given.get("board") or dashboards.FIRST, chosen, given.get("range", ""), moment(until) if until else None
    )


def _fresh() -> Fresh:
    try:
        since = float(request.args["since"]) if request.args.get("since") else None
        return Fresh(_numbers("panels"), since, _numbers("begun"), "options" in request.args)
    except ValueError as error:
        raise InputError("the panels can't be read", expected="numbers, such as panels=2,3&since=1700000000") from error


def _numbers(name: str) -> Sequence[int]:
    return [int(each) for each in request.args.get(name, "").split(",") if each]


def _told(shown: Shown) -> dict[str, Any]:
    told: dict[str, Any] = {"first": shown.first}
    if shown.problem:
        told["problem"] = shown.problem
    if shown.left_out:
        told["left_out"] = shown.left_out
    if shown.curves:
        told["curves"] = [[each.key, each.ref, each.name, each.labels, each.values] for each in shown.curves]
    if shown.lines:
        told["lines"] = [_line(each) for each in plain(shown.lines)]
    return told


def _line(line: dict[str, Any]) -> dict[str, Any]:
    told = {name: line[name] for name in ("at", "level", "service", "message")}
    if line["trace_id"]:
        told["trace"] = url_for("room.trace", trace_id=line["trace_id"])
    return told


def _mark(mark: marks.Mark) -> dict[str, Any]:
    told = {**plain(mark), "at": mark.at.timestamp()}
    return {**told, "until": mark.until.timestamp() if mark.until else None}


def _refused(found: Part[Any]) -> Response:
    problem = found.problem
    assert problem is not None  # noqa: S101 - for the type checker: without a value there is a problem
    answer = jsonify(problem=" ".join(filter(None, (problem.what, problem.todo))))
    answer.status_code = status_of(problem)
    return answer


VIEW = View("dashboards", "Dashboards", "d", add)
