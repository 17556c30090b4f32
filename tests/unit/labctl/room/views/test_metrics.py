from __future__ import annotations

import html
import json
import re
from datetime import datetime

import pytest

from labctl.actions.answer import moment
from labctl.actions.metrics import Curve, Curves
from labctl.room.views.metrics import MOST_SERIES, graph, label
from tests.support.room_world import Browser


def test_a_query_has_a_graph_and_a_table(browser: Browser) -> None:
    text = browser.get("/metrics?query=up&range=5m").text
    drawn = json.loads(html.unescape(re.findall(r'data-plot="([^"]+)"', text)[0]))
    assert [each["name"] for each in drawn["series"]] == [
        f"service={n}" for n in ("gateway", "payments", "risk", "ledger")
    ]
    assert all(len(each["values"]) == len(drawn["times"]) for each in drawn["series"])
    assert browser.looked_up == ["metrics"]


def test_ones_queries_are_remembered(browser: Browser) -> None:
    browser.get("/metrics?query=up")
    assert '<option value="up">' in browser.get("/metrics").text


def test_without_a_query_nothing_is_asked(browser: Browser) -> None:
    assert "To begin with" in browser.get("/metrics").text
    assert browser.looked_up == []


def test_what_prometheus_refuses_is_said(browser: Browser) -> None:
    browser.server.reply("/api/v1/query_range", {"status": "error", "error": "parse error at 3"}, status=400)
    answer = browser.get("/metrics?query=up(")
    assert answer.status_code == 502
    assert "parse error at 3" in answer.text


def curve(number: int, *points: tuple[float, float | str | None]) -> Curve:
    return Curve({"n": str(number)}, 0, 0, 0, 0, tuple((moment(at), value) for at, value in points))


def test_curves_share_their_moments_and_what_is_no_number_is_a_gap() -> None:
    found = Curves("q", moment(0), moment(9), 1.0, (curve(1, (1, 5.0), (2, "NaN")), curve(2, (2, 7.0), (3, None))))
    assert json.loads(graph(found)) == {
        "times": [1.0, 2.0, 3.0],
        "series": [{"name": "n=1", "values": [5.0, None, None]}, {"name": "n=2", "values": [None, 7.0, None]}],
    }


def test_too_many_curves_are_left_out_of_the_graph() -> None:
    many = tuple(curve(number, (1, 1.0)) for number in range(MOST_SERIES + 5))
    assert len(json.loads(graph(Curves("q", moment(0), moment(9), 1.0, many)))["series"]) == MOST_SERIES


def test_a_series_is_called_by_its_labels() -> None:
    assert label(Curve({"__name__": "up", "job": "a"}, 0, 0, 0, 0, ())) == "up{job=a}"
    assert label(Curve({"__name__": "up"}, 0, 0, 0, 0, ())) == "up"
    assert label(Curve({}, 0, 0, 0, 0, ())) == "value"


def test_a_time_in_the_past_is_drawn(browser: Browser) -> None:
    text = browser.get("/metrics?query=up&range=60s&until=2026-01-31T14:03:05Z").text
    drawn = json.loads(html.unescape(re.findall(r'data-plot="([^"]+)"', text)[0]))
    assert drawn["times"][-1] == pytest.approx(moment_of("2026-01-31T14:03:05+00:00"), abs=1)
    assert "last 60s" in text


def moment_of(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
