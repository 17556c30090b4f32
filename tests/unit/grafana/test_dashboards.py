"""Grafana's provisioning: data sources that are there, dashboards whose questions name metrics that exist."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from labctl.base import paths

ROOT = paths.bundle_root()
GRAFANA = ROOT / "grafana"
DASHBOARDS = sorted((GRAFANA / "dashboards").glob("*.json"))
SOURCES = yaml.safe_load((GRAFANA / "provisioning" / "datasources" / "lab.yml").read_text())["datasources"]
METRIC = re.compile(r"\b([a-z][a-z0-9]*(?:_[a-z0-9]+)+)\b(?=\s*[{\[)\s/]|$)")
DOCUMENTED = (ROOT / "docs" / "telemetry.md").read_text() if (ROOT / "docs").is_dir() else ""


def panels(dashboard: dict[str, Any]) -> list[dict[str, Any]]:
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


@pytest.fixture(params=DASHBOARDS, ids=[path.stem for path in DASHBOARDS])
def dashboard(request: pytest.FixtureRequest) -> dict[str, Any]:
    path: Path = request.param
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def expressions(dashboard: dict[str, Any]) -> list[str]:
    return [target["expr"] for panel in panels(dashboard) for target in panel["targets"]]


def test_the_dashboards_are_there_and_lead_to_each_other() -> None:
    assert [path.stem for path in DASHBOARDS] == ["resources", "service-overview"]
    for path in DASHBOARDS:
        found = json.loads(path.read_text())
        assert found["uid"] == path.stem
        assert [set(link["tags"]) for link in found["links"]] == [set(found["tags"])]


def test_the_data_sources_are_the_labs_own() -> None:
    services = yaml.safe_load((ROOT / "compose" / "lab.yml").read_text())["services"]
    assert [source["type"] for source in SOURCES] == ["prometheus", "jaeger", "loki"]
    for source in SOURCES:
        host = source["url"].removeprefix("http://").split(":")[0]
        assert host in services


def test_links_between_metrics_traces_and_logs_lead_somewhere() -> None:
    uids = {source["uid"] for source in SOURCES}
    assert set(re.findall(r"'datasourceUid': '(\w+)'", str(SOURCES))) == {"jaeger", "loki"} <= uids


def test_panels_use_the_data_sources_that_are_provisioned(dashboard: dict[str, Any]) -> None:
    uids = {source["uid"] for source in SOURCES}
    assert {panel["datasource"]["uid"] for panel in panels(dashboard)} <= uids


def test_panels_do_not_overlap(dashboard: dict[str, Any]) -> None:
    taken: set[tuple[int, int]] = set()
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert place["x"] + place["w"] <= 24
        assert not cells & taken, panel["title"]
        taken |= cells


def test_ids_and_titles_are_unique(dashboard: dict[str, Any]) -> None:
    for key in ("id", "title"):
        values = [panel[key] for panel in dashboard["panels"]]
        assert len(set(values)) == len(values)


def test_brackets_close(dashboard: dict[str, Any]) -> None:
    for expression in expressions(dashboard):
        for opening, closing in ("()", "{}", "[]"):
            assert expression.count(opening) == expression.count(closing), expression


def asked_on(name: str) -> str:
    return " ".join(expressions(json.loads((GRAFANA / "dashboards" / f"{name}.json").read_text())))


def test_the_overview_shows_rate_errors_and_duration_of_every_service() -> None:
    asked = asked_on("service-overview")
    for quantile in ("0.5", "0.95", "0.99"):
        assert f"histogram_quantile({quantile}, sum by (job, le)" in asked
    for metric in (
        "http_server_request_duration_seconds_count",
        "container_cpu_usage_seconds_total",
        "container_memory_working_set_bytes",
        "cache_requests_total",
        "stream_lag",
    ):
        assert metric in asked


def test_the_resources_show_what_is_used_and_who_waits_for_it() -> None:
    asked = asked_on("resources")
    for metric in (
        "db_client_connection_count",
        "db_client_connection_wait_time_seconds_bucket",
        "container_cpu_cfs_throttled_periods_total",
        "container_processes",
        "pg_stat_activity_count",
        "redis_evicted_keys_total",
    ):
        assert metric in asked


@pytest.mark.skipif(not DOCUMENTED, reason="the documentation is not part of a wheel")
def test_every_metric_of_a_service_is_one_that_the_documentation_names(dashboard: dict[str, Any]) -> None:
    exporters = ("pg_", "redis_")
    for expression in expressions(dashboard):
        bare = re.sub(r'"[^"]*"|by \([^)]*\)|\$\w+', "", expression)
        for name in METRIC.findall(bare):
            if not name.startswith(exporters) and "quantile" not in name:
                assert re.sub(r"_(bucket|count|sum)$", "", name) in DOCUMENTED, name
