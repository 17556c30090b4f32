from __future__ import annotations

import json

import pytest

from labctl.actions.metric_names import LONGEST
from labctl.lookups.metric_names import MOST
from tests.support.room_telemetry import SERVICES
from tests.support.room_world import Browser


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("labels", ["__name__", "service"]),
        ("label/service/values?match[]=up", list(SERVICES)),
        ("series?match[]=up", [{"__name__": "up", "service": "risk"}]),
        ("metadata", {"up": [{"type": "gauge", "help": "Whether it answers"}]}),
        ("status/flags", {"enable-feature": "exemplar-storage"}),
    ],
)
def test_an_editor_gets_what_it_asks_for_and_nothing_else(browser: Browser, path: str, data: object) -> None:
    assert json.loads(browser.get(f"/metrics/api/{path}").text) == {"status": "success", "data": data}
    assert browser.looked_up == []


def test_each_question_has_bounds(browser: Browser) -> None:
    browser.get("/metrics/api/label/service/values?match[]=up&start=0&limit=999999")
    asked = browser.server.requests[-1].params
    assert (asked["limit"], asked["match[]"]) == (str(MOST), "up")
    assert float(asked["end"]) - float(asked["start"]) == pytest.approx(3600)
    assert browser.get(f"/metrics/api/series?match[]={'x' * (LONGEST + 1)}").status_code == 422


@pytest.mark.parametrize(
    "path", ["query?query=up", "status/config", "targets", "label/a-b/values", "label/..%2Fx/values"]
)
def test_other_questions_are_not_passed_on(browser: Browser, path: str) -> None:
    before = len(browser.server.requests)
    assert browser.get(f"/metrics/api/{path}").status_code in (404, 422)
    assert not [each for each in browser.server.requests[before:] if "alerts" not in each.path]


def test_a_refusal_is_told_as_prometheus_tells_it(browser: Browser) -> None:
    browser.server.reply("/api/v1/series", {"status": "error", "error": "parse error"}, status=400)
    found = browser.get("/metrics/api/series?match[]={")
    assert found.status_code == 502
    assert json.loads(found.text)["error"].endswith("parse error")


def test_near_names_of_a_metric_that_is_not_there(browser: Browser) -> None:
    browser.server.reply("/api/v1/query_range", {"status": "success", "data": {"resultType": "matrix", "result": []}})
    text = browser.get("/metrics?query=rate(cache_request_total[1m])").text
    assert "There is no metric <code>cache_request_total</code>" in text
    assert "cache_requests_total%5B1m%5D" in text
    assert "There is no metric" not in browser.get("/metrics?query=up").text
