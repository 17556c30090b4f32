from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest

from labctl.actions import dashboards
from labctl.actions.dashboards import shelf
from labctl.model.dashboard import Dashboard
from labctl.model.dashboard_document import dashboard
from labctl.state.journal import LOOK_UP
from tests.support.http_server import Request
from tests.support.room_world import Browser


def asked(browser: Browser) -> list[Request]:
    return [each for each in browser.server.requests if each.path == "/api/v1/query_range"]


@pytest.fixture
def options(browser: Browser) -> Browser:
    """Let Prometheus know the values of the variable."""
    found = [{"metric": {"service": name, "job": name}, "value": [1, "1"]} for name in ("risk", "payments")]
    browser.server.reply("/api/v1/query", {"status": "success", "data": {"resultType": "vector", "result": found}})
    return browser


@pytest.mark.parametrize("uid", [each.uid for each in shelf()])
def test_every_panel_of_every_dashboard_is_drawn(options: Browser, uid: str) -> None:
    text = html.unescape(options.get(f"/dashboards?board={uid}").text)
    board = dashboards.find(uid)
    drawn = [json.loads(each) for each in re.findall(r'data-panel="(\{.*?\})" aria-label', text, re.DOTALL)]
    assert [each["id"] for each in drawn] == [each.id for each in board.panels]
    assert "Not supported" not in text
    numbers = ",".join(str(each.id) for each in board.panels)
    answer = options.get(f"/dashboards/data?board={uid}&begun={numbers}&options=1")
    assert answer.status_code == 200
    assert set(answer.get_json()["panels"]) == {str(each.id) for each in board.panels}
    for panel in board.panels:
        told = answer.get_json()["panels"][str(panel.id)]
        assert "problem" not in told, told
    assert options.looked_up == ["dashboard"]


def test_opening_is_a_look_up_keeping_fresh_is_none(options: Browser) -> None:
    options.get("/dashboards?var-service=risk&range=5m")
    options.get("/dashboards/data?begun=2&range=5m", **{"X-Refresh": "1"})
    options.get("/dashboards?var-service=risk&range=5m", **{"X-Refresh": "1"})
    (entry,) = options.lab.store.journal.entries(kind=LOOK_UP)
    assert entry.payload == {
        "command": "dashboard", "dashboard": "Service overview", "service": "risk", "range": "5m",
    }  # fmt: skip


def test_all_panels_are_asked_in_few_requests_for_the_newest_moments_only(options: Browser) -> None:
    panels = [each for each in shelf()[0].panels if each.kind in ("timeseries", "stat") and not each.asks_logs]
    numbers = ",".join(str(each.id) for each in panels[:12])
    first = options.get(f"/dashboards/data?begun={numbers}&range=5m&var-service=risk").get_json()
    del options.server.requests[:]
    since = first["last"] - 2
    again = options.get(f"/dashboards/data?panels={numbers}&since={since}&range=5m&var-service=risk").get_json()
    (request,) = asked(options)
    assert float(request.params["end"]) - float(request.params["start"]) <= 30
    assert all(told["first"] >= since for told in again["panels"].values())
    curves = [curve for told in first["panels"].values() for curve in told.get("curves", ())]
    assert {len(curve[4]) for curve in curves} == {301}


def test_all_means_the_values_that_a_label_has(options: Browser) -> None:
    board = next(each for each in shelf() if any("$service" in one.targets[0].query for one in each.panels))
    panel = next(each for each in board.panels if "$service" in each.targets[0].query and not each.asks_logs)
    options.get(f"/dashboards/data?board={board.uid}&begun={panel.id}")
    assert '"(payments|risk)"' in asked(options)[-1].params["query"]
    options.get(f"/dashboards/data?board={board.uid}&begun={panel.id}&var-service=risk")
    assert '"risk"' in asked(options)[-1].params["query"]


def one_board(monkeypatch: pytest.MonkeyPatch, *panels: dict[str, Any]) -> None:
    document = {"uid": "u", "title": "Mine", "panels": list(panels)}
    found: tuple[Dashboard, ...] = (dashboard(document),)
    monkeypatch.setattr(dashboards, "shelf", lambda: found)


def a_panel(number: int, query: str, kind: str = "timeseries") -> dict[str, Any]:
    grid = {"x": 0, "y": 8 * number, "w": 8, "h": 8}
    targets = [{"refId": "A", "expr": query, "datasource": {"type": "prometheus"}}]
    return {"id": number, "type": kind, "title": f"<P{number}>", "gridPos": grid, "targets": targets}


def test_a_query_that_is_refused_is_said_in_its_panel_and_the_others_are_shown(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_board(monkeypatch, a_panel(1, "up"), a_panel(2, "wrong("))
    kept = browser.server.answers["/api/v1/query_range"][1]

    def answer(request: Request) -> object:
        refused = {"status": "error", "error": "parse error <here>"}
        return refused if "wrong(" in request.params["query"] else kept(request)  # type: ignore[operator]

    browser.server.answers["/api/v1/query_range"] = (200, answer)
    panels = browser.get("/dashboards/data?board=u&begun=1,2").get_json()["panels"]
    assert panels["1"]["curves"]
    assert panels["2"]["problem"] == "Prometheus refused the query: parse error <here>"


def test_what_is_not_supported_is_said_in_its_panel_and_titles_are_text(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_board(monkeypatch, a_panel(1, "up", kind="geomap"))
    text = browser.get("/dashboards?board=u").text
    assert "Not supported here: the panel type geomap." in text
    assert "<P1>" not in text


def test_what_can_not_be_asked_is_said(browser: Browser) -> None:
    assert browser.get("/dashboards?board=nothing").status_code == 404
    assert browser.get("/dashboards?range=7h").status_code == 422
    assert browser.get("/dashboards/data?begun=x").status_code == 422
    assert "at most" in browser.get("/dashboards?range=7h").text


def test_while_prometheus_is_away_the_page_is_there_and_the_data_says_so(browser: Browser) -> None:
    browser.server.reply("/api/v1/alerts", "gone", status=500)
    assert browser.get("/dashboards").status_code == 200
    answer = browser.get("/dashboards/data?begun=2")
    assert answer.status_code == 502
    assert "Prometheus has not answered since" in answer.get_json()["problem"]


def test_changes_and_alerts_are_marked_and_no_more_than_the_feed_tells(browser: Browser) -> None:
    found = browser.get("/marks?range=15m").get_json()["marks"]
    changes = [each for each in found if each["kind"] != "alert"]
    assert [(each["component"], each["text"]) for each in changes] == [
        ("risk", "Tune risk (c.meyer)"), ("payments", "Tune payments (a.okafor)"),
    ]  # fmt: skip
    alerts = {each["text"]: each["until"] is None for each in found if each["kind"] == "alert"}
    assert alerts == {"CheckoutErrorRatioHigh": True, "EndpointLatencyHigh": False}
    assert all(set(each) == {"at", "kind", "component", "text", "until", "passing"} for each in found)
    assert browser.looked_up == []


def test_a_panels_query_leads_to_metrics_with_what_is_chosen(options: Browser) -> None:
    text = html.unescape(options.get("/dashboards?board=resources&var-service=risk").text)
    links = re.findall(r'class="query" href="[^"]*query=([^"&]*)', text)
    assert links
    assert not [each for each in links if "%24service" in each or "%24__" in each]
