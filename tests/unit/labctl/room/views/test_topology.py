from __future__ import annotations

import html
import json
import re
from typing import Any

from tests.support.room_world import Browser


def drawn(text: str) -> dict[str, Any]:
    found = re.findall(r'data-graph="([^"]+)"', text)
    graph: dict[str, Any] = json.loads(html.unescape(found[0]))
    return graph


def test_connections_are_a_graph_and_a_table(browser: Browser) -> None:
    text = browser.get("/topology").text
    graph = drawn(text)
    edges = {each["id"]: each for each in graph["edges"]}
    assert {each["id"] for each in graph["nodes"]} >= {"clients", "gateway", "payments", "postgres", "acquirer", "jobs"}
    lines = [each["line"] for each in edges["payments to risk"]["figures"]]
    assert lines == ["▲ 21.0/s", "▲ 19.05% err", "▲ 240 ms"]
    assert text.count("<tr") == len(edges) + 1
    assert "p95 more than healthy" in text
    assert browser.looked_up == ["topology"]


def test_what_is_missing_is_said(browser: Browser) -> None:
    edges = {each["id"]: each for each in drawn(browser.get("/topology").text)["edges"]}
    assert edges["payments to redis"]["missing"] == "not measured"
    assert edges["payments to ledger"]["missing"] == "700 traced"
    gone = edges["risk to acquirer"]
    assert (gone["missing"], gone["odd"]) == ("no figures now", True)
    assert "calls, missing" in gone["label"]


def test_each_part_leads_on_with_its_filters(browser: Browser) -> None:
    graph = drawn(browser.get("/topology").text)
    risk = next(each for each in graph["nodes"] if each["id"] == "risk")
    links = {each["text"]: each["href"] for each in risk["links"]}
    assert links["Logs"] == "/room/lab/logs?service=risk&since=15m"
    assert links["Traces"] == "/room/lab/traces?service=risk&since=15m"
    assert links["Changes"] == "/room/lab/changes?component=risk"
    assert links["Answer: risk"] == "/room/lab/answer?component=risk"
    edge = next(each for each in graph["edges"] if each["id"] == "risk to postgres")
    assert "/room/lab/answer?component=risk-postgres" in [each["href"] for each in edge["links"]]
    for each in (*graph["nodes"], *graph["edges"]):
        for link in each["links"]:
            browser.client.application.extensions["room"].reads._left.clear()
            assert browser.get(link["href"].removeprefix("/room/lab")).status_code == 200, link


def test_an_alert_is_at_the_service_that_it_is_about(browser: Browser) -> None:
    nodes = {each["id"]: each for each in drawn(browser.get("/topology").text)["nodes"]}
    assert (nodes["gateway"]["remark"], nodes["gateway"]["odd"]) == ("1 alert firing", True)
    assert not nodes["risk"]["odd"]


def test_keeping_it_fresh_is_no_new_look_up(browser: Browser) -> None:
    browser.get("/topology?window=30s")
    browser.get("/topology?window=30s", **{"X-Refresh": "1"})
    assert browser.looked_up == ["topology"]


def test_a_window_that_is_none_is_said(browser: Browser) -> None:
    answer = browser.get("/topology?window=often")
    assert answer.status_code == 422
    assert "often" in answer.text


def test_names_that_telemetry_made_up_are_text(browser: Browser) -> None:
    hostile = "<img src=x onerror=alert(1)>\u202e" + "x" * 100
    browser.server.reply("/api/dependencies", {"data": [{"parent": hostile, "child": "risk", "callCount": 3}]})
    text = browser.get("/topology").text
    assert "<img" not in text
    assert "\u202e" not in text
    node = next(each for each in drawn(text)["nodes"] if each["kind"] == "seen only")
    assert len(node["name"]) < 100
    assert node["links"] == []
