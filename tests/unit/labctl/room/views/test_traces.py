from __future__ import annotations

from datetime import datetime

from labctl.actions.traces import Span
from labctl.room.views.traces import critical_path
from tests.support.room_world import Browser

ID = f"{1:032x}"


def span(name: str, parent: str | None, depth: int, start: float, end: float) -> Span:
    return Span(name, parent, depth, "risk", name, start, end - start, False, "", {}, ())


def test_traces_over_time_and_as_a_list(browser: Browser) -> None:
    text = browser.get("/traces").text
    assert text.count("<line ") == 40
    assert "POST /v1/checkouts" in text
    assert browser.looked_up == ["traces"]


def test_what_is_no_number_is_said(browser: Browser) -> None:
    answer = browser.get("/traces?min_ms=long")
    assert answer.status_code == 422
    assert "is no number of milliseconds" in answer.text


def test_one_trace_with_its_spans_and_the_way_to_its_logs(browser: Browser) -> None:
    text = browser.get(f"/traces/{ID}").text
    assert text.count('<details class="span') == 6
    assert f"/room/lab/logs?trace={ID}" in text
    assert "on the critical path" in text
    assert browser.looked_up == ["trace"]


def test_a_trace_that_is_not_there_is_said(browser: Browser) -> None:
    browser.server.reply(f"/api/traces/{'f' * 32}", {"errors": [{"code": 404, "msg": "trace not found"}]}, status=404)
    answer = browser.get(f"/traces/{'f' * 32}")
    assert answer.status_code in (404, 502)
    assert "trace not found" in answer.text or "no trace" in answer.text


def test_the_critical_path_is_what_the_duration_waits_for() -> None:
    spans = [
        span("root", None, 0, 0, 10),
        span("early", "root", 1, 1, 4),
        span("beside", "root", 1, 1, 3),
        span("late", "root", 1, 4, 9),
        span("inside", "late", 2, 5, 8),
        span("afterwards", "root", 1, 9.5, 12),
    ]
    assert critical_path(spans) == {"root", "early", "late", "inside"}


def test_nothing_has_no_path() -> None:
    assert critical_path([]) == frozenset()


def test_a_time_in_the_past_is_searched(browser: Browser) -> None:
    assert browser.get("/traces?since=60s&until=2026-01-31T14:03:05Z").status_code == 200
    asked = [each for each in browser.server.requests if each.path == "/api/traces"][-1].params
    assert abs(int(asked["end"]) / 1e6 - datetime.fromisoformat("2026-01-31T14:03:05+00:00").timestamp()) < 1
