"""Every question that a dashboard asks, every link, every choice: answered by a lab, and not with nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import time
from typing import Any

import httpx
import pytest
import yaml

from labctl.base.waiting import wait_until
from labctl.lab.lab import Lab
from tests.support import dashboards
from tests.support.dashboards import FILES, GRAFANA, Json, filled, load, panels
from tests.support.tail_client import TailClient

pytestmark = pytest.mark.lab

PATIENCE_S = 60.0
"""A scheduled job runs every 20 s, and two of its runs make the first rate."""
SPAN_S = 300.0
STEP_S = 5
SOURCES = {
    each["uid"]: each["jsonData"]
    for each in yaml.safe_load((GRAFANA / "provisioning" / "datasources" / "lab.yml").read_text())["datasources"]
}
LABELS = {"job": "payments", "service": "payments"}


class Asked:
    """The three data sources of one lab, asked as Grafana's own ask."""

    def __init__(self, prometheus: httpx.Client, telemetry: httpx.Client) -> None:
        self._prometheus = prometheus
        self._telemetry = telemetry

    def answer(self, uid: str, query: str, *, instant: bool = False) -> list[Any]:
        """The series or streams that a panel's query gives."""
        end = time()
        span = {"start": end - SPAN_S, "end": end, "step": STEP_S}
        if uid == "loki":
            found = self._telemetry.get("/loki/api/v1/query_range", params={"query": query, "limit": 100, **span})
        elif instant:
            found = self._prometheus.get("/api/v1/query", params={"query": query, "time": end})
        else:
            found = self._prometheus.post("/api/v1/query_range", data={"query": query, **span})
        assert found.status_code == 200, f"{query}: {found.text}"
        result: list[Any] = found.json()["data"]["result"]
        return result

    def loki(self, path: str, **params: Any) -> Any:
        """Any other part of Loki's API."""
        found = self._telemetry.get(f"/loki/api/v1/{path}", params={"start": time() - SPAN_S, "end": time(), **params})
        assert found.status_code == 200, found.text
        return found.json()

    def explored(self, url: str) -> list[Any]:
        """What a link opens in Explore."""
        uid, (query,) = dashboards.explored(url, LABELS)
        if uid != "jaeger":
            return self.answer(uid, query["expr"])
        return self.traces(query["service"], query["limit"])

    def traces(self, service: str, limit: int = 20) -> list[Any]:
        """A search as Grafana's Jaeger data source sends it."""
        end = int(time() * 1e6)
        params: dict[str, str | int] = {
            "service": service,
            "limit": limit,
            "lookback": "custom",
            "start": end - int(SPAN_S * 1e6),
            "end": end,
        }
        found = self._telemetry.get("/api/traces", params=params)
        assert found.status_code == 200, found.text
        traces: list[Any] = found.json()["data"]
        return traces

    def values(self, selector: str, label: str) -> set[str]:
        """What `label_values` asks for."""
        params: dict[str, str | float] = {"match[]": selector, "start": time() - SPAN_S, "end": time()}
        found = self._prometheus.get(f"/api/v1/label/{label}/values", params=params)
        assert found.status_code == 200, found.text
        return set(found.json()["data"])


@pytest.fixture
def asked(steady_lab: Lab) -> Iterator[Asked]:
    ports = steady_lab.record.ports
    with (
        httpx.Client(base_url=f"http://127.0.0.1:{ports.prometheus}", timeout=20, trust_env=False) as prometheus,
        httpx.Client(base_url=f"http://127.0.0.1:{ports.telemetry}", timeout=20, trust_env=False) as telemetry,
    ):
        yield Asked(prometheus, telemetry)


def eventually(look: Callable[[], list[str]]) -> None:
    """Wait until nothing is missing; a lab that was just made has not run every job yet."""
    missing: list[str] = []

    def whole() -> bool:
        missing[:] = look()
        return not missing

    wait_until(whole, what="an answer", timeout=PATIENCE_S, interval=2, describe=lambda: f"none for {missing}")


def answered(asked: Asked, panel: Json) -> bool:
    """Whether any question of a panel has an answer; every one is asked, and none may fail."""
    uid = panel["datasource"]["uid"]
    found = [asked.answer(uid, filled(each["expr"]), instant=each.get("instant", False)) for each in panel["targets"]]
    return any(found) or bool(panel["fieldConfig"]["defaults"].get("noValue"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_panel_has_an_answer(asked: Asked, path: Any) -> None:
    waiting = panels(load(path))

    def still_empty() -> list[str]:
        waiting[:] = [panel for panel in waiting if not answered(asked, panel)]
        return [panel["title"] for panel in waiting]

    eventually(still_empty)


def test_every_link_of_a_panel_finds_something(asked: Asked) -> None:
    urls = {link["url"] for path in FILES for panel in panels(load(path)) for link in dashboards.links(panel)}
    assert len(urls) >= 3
    eventually(lambda: [url for url in urls if not asked.explored(url)])


def test_every_service_can_be_chosen_and_has_curves_of_its_own(asked: Asked) -> None:
    overview = load(GRAFANA / "dashboards" / "service-overview.json")
    (variable,) = overview["templating"]["list"]
    selector, label = variable["query"]["query"].removeprefix("label_values(").removesuffix(")").rsplit(", ", 1)
    chosen = asked.values(selector, label)
    assert chosen == set(dashboards.ALL.split("|"))
    rate = next(panel for panel in panels(overview) if panel["title"] == "Rate")

    def without_a_rate() -> list[str]:
        ours = sorted(chosen - {"postgres", "redis"})
        return [
            each
            for each in ours
            if not any(asked.answer("prometheus", filled(target["expr"], each)) for target in rate["targets"])
        ]

    eventually(without_a_rate)


def test_a_span_leads_to_its_logs_and_a_line_to_its_trace(asked: Asked) -> None:
    query = SOURCES["jaeger"]["tracesToLogsV2"]["query"]

    def lines_of(trace: Any) -> list[Any]:
        return asked.answer("loki", query.replace("$${__trace.traceId}", trace["traceID"]))

    def without_lines() -> list[str]:
        found = asked.traces("payments")
        with_lines = [trace for trace in found if lines_of(trace)]
        # The lines come a second after the spans, at most.
        return [] if len(with_lines) > len(found) / 2 else [f"{len(found) - len(with_lines)} of {len(found)} traces"]

    eventually(without_lines)
    (derived,) = SOURCES["loki"]["derivedFields"]
    assert derived["matcherRegex"] == "^trace_id$"
    streams = asked.answer("loki", '{service_name="payments"} | trace_id!=""')
    assert all(stream["stream"]["trace_id"] for stream in streams)


def test_a_start_leaves_a_mark(asked: Asked) -> None:
    marks = {each["name"]: each["expr"] for each in load(FILES[0])["annotations"]["list"]}
    # Of a lab that runs for long, the marks are further back than a panel's window.
    assert asked.answer("prometheus", f"last_over_time(({marks['Started']})[12h:5s])", instant=True)


def test_logs_drilldown_has_services_labels_fields_and_patterns(asked: Asked) -> None:
    gateway = '{service_name="gateway"}'
    assert asked.loki("drilldown-limits")["pattern_ingester_enabled"]
    volumes = asked.loki("index/volume", query="{service_name=~`.+`}", limit=5000)["data"]["result"]
    assert {"gateway", "payments"} <= {each["metric"]["service_name"] for each in volumes}
    over_time = asked.loki("index/volume_range", query="{service_name=~`.+`}", step="10s", limit=100)["data"]["result"]
    assert {each["metric"]["service_name"] for each in over_time} >= {"gateway", "payments"}
    labels = {each["label"] for each in asked.loki("detected_labels", query=gateway)["detectedLabels"]}
    assert labels == {"service_name", "level", "detected_level", "instance"}
    fields = {each["label"]: each["type"] for each in asked.loki("detected_fields", query=gateway)["fields"]}
    assert fields["duration_ms"] == "float"
    assert fields["status"] == "int"
    assert "POST" in asked.loki("detected_field/method/values", query=gateway)["values"]
    patterns = {each["pattern"] for each in asked.loki("patterns", query=gateway, step="10s")["data"]}
    assert "POST /v1/checkouts <_>" in patterns
    mean = f'avg_over_time({gateway} | duration_ms!="" | unwrap duration_ms | __error__="" [20s]) by ()'
    assert asked.answer("loki", mean)


def test_new_lines_come_in_a_live_tail(steady_lab: Lab) -> None:
    url = f"http://127.0.0.1:{steady_lab.record.ports.telemetry}"
    client = TailClient(url, '{service_name="gateway"} |= "POST /v1/checkouts"')
    try:
        assert client.status == "101"
        for _ in range(2):
            assert "POST /v1/checkouts" in client.message()["streams"][0]["values"][0][1]
    finally:
        client.close()
