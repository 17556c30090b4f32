"""Grafana's provisioning: data sources that are there, dashboards whose questions name metrics that exist."""

import re
from collections.abc import Iterator
from pathlib import Path

import promql_parser
import pytest
import yaml

from labctl.base import paths
from services.telemetry.loki.metric_parser import parse as parse_logql
from tests.support import dashboards
from tests.support.catalogue import FAULTS
from tests.support.dashboards import FILES, GRAFANA, Json, filled, panels
from tests.support.telling import ids_in, words_in

ROOT = paths.bundle_root()
SOURCES = yaml.safe_load((GRAFANA / "provisioning" / "datasources" / "lab.yml").read_text())["datasources"]
DOCUMENTED = (ROOT / "docs" / "telemetry.md").read_text() if (ROOT / "docs").is_dir() else ""
EXPORTERS = ("pg_", "redis_")
OWN = {"ALERTS", "ALERTS_FOR_STATE", "scrape_duration_seconds", "up"}
"""What Prometheus itself adds."""


@pytest.fixture(params=FILES, ids=[path.stem for path in FILES])
def dashboard(request: pytest.FixtureRequest) -> Json:
    path: Path = request.param
    return dashboards.load(path)


def targets(dashboard: Json, uid: str = "prometheus") -> list[str]:
    return [t["expr"] for panel in panels(dashboard) for t in panel["targets"] if t["datasource"]["uid"] == uid]


def questions(dashboard: Json) -> list[str]:
    """All that is asked of Prometheus, marks included."""
    marks = [each["expr"] for each in dashboard["annotations"]["list"]]
    return [filled(each) for each in [*targets(dashboard), *marks]]


def test_the_dashboards_are_there_and_lead_to_each_other() -> None:
    names = ["logs-and-telemetry", "payments-and-ledger", "resources", "routes-and-calls", "service-overview"]
    assert [path.stem for path in FILES] == names
    for path in FILES:
        found = dashboards.load(path)
        assert found["uid"] == path.stem
        assert found["description"]
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


def test_a_spans_logs_are_looked_for_by_a_field_not_in_the_line() -> None:
    """A line has its trace's id beside it, never in it: `|=` would find nothing."""
    jaeger, loki = SOURCES[1]["jsonData"], SOURCES[2]["jsonData"]
    query = jaeger["tracesToLogsV2"]["query"].replace("$${__trace.traceId}", "0af7651916cd43dd8448eb211c80319c")
    (stage,) = parse_logql(query).stages  # type: ignore[union-attr]
    assert (stage.label, stage.op) == ("trace_id", "=")  # type: ignore[union-attr]
    assert {each["matcherType"] for each in loki["derivedFields"]} == {"label"}


def test_panels_use_the_data_sources_that_are_provisioned(dashboard: Json) -> None:
    uids = {source["uid"] for source in SOURCES}
    for panel in panels(dashboard):
        assert panel["datasource"]["uid"] in uids
        assert {target["datasource"]["uid"] for target in panel["targets"]} == {panel["datasource"]["uid"]}


def test_panels_do_not_overlap_and_rows_hold_what_is_below_them(dashboard: Json) -> None:
    taken: set[tuple[int, int]] = set()
    below = 0
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert place["x"] + place["w"] <= 24
        assert not cells & taken, panel["title"]
        assert place["y"] >= below, panel["title"]
        below = place["y"] + 1 if panel["type"] == "row" else below
        taken |= cells


def test_ids_and_titles_are_unique(dashboard: Json) -> None:
    for key in ("id", "title"):
        values = [panel[key] for panel in dashboard["panels"]]
        assert len(set(values)) == len(values)


def test_letters_name_the_questions_of_a_panel(dashboard: Json) -> None:
    for panel in panels(dashboard):
        letters = [target["refId"] for target in panel["targets"]]
        assert letters == list("ABCDEFGH"[: len(letters)])
        assert letters, panel["title"]


def test_every_question_parses(dashboard: Json) -> None:
    for question in questions(dashboard):
        promql_parser.parse(question)
    for question in targets(dashboard, "loki"):
        parse_logql(filled(question))


def test_no_question_makes_a_zero_of_missing_telemetry(dashboard: Json) -> None:
    """In fog a gap has to be one; only the alerts, which fog leaves alone, and a divisor are filled up."""
    for question in questions(dashboard):
        bare = question.replace("> 0 or vector(0.1)", "")
        assert "vector(" not in bare or bare.startswith("count(ALERTS{"), question
        assert "absent" not in question


def test_every_panel_of_a_dashboard_with_services_to_choose_from_follows_them(dashboard: Json) -> None:
    if not dashboard["templating"]["list"]:
        return
    without = {panel["title"] for panel in panels(dashboard) if "$service" not in str(panel["targets"])}
    # The clients' view, the stores' own, and the telemetry's are of no service.
    assert not {
        title
        for title in without
        if not title.startswith(("Postgres: ", "Redis: "))
        and title not in SHARED
        and "client_request_duration_seconds"
        not in str(_panel(dashboard, title)["targets"]).replace("http_client_request_duration_seconds", "")
    }


SHARED = {
    *("Firing alerts", "Running versions", "Balances are late by", "Pages firing"),
    *("Scrapes", "Duration of a scrape", "Spans, points and lines that arrive", "Lost telemetry"),
    "Stored spans and lines",
}


def _panel(dashboard: Json, title: str) -> Json:
    (found,) = [panel for panel in panels(dashboard) if panel["title"] == title]
    return found


def test_every_service_can_be_chosen() -> None:
    """The variable is made of the containers: each service has one, whatever metrics it exports."""
    variables = [each for path in FILES for each in dashboards.load(path)["templating"]["list"]]
    assert {each["query"]["query"] for each in variables} == {
        'label_values(container_start_time_seconds{service!~"clients|containers|telemetry|prometheus|.*-exporter"}, '
        "service)"
    }


def asked_on(name: str) -> str:
    return " ".join(targets(dashboards.load(GRAFANA / "dashboards" / f"{name}.json")))


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
        'stream_messages_total{job=~"$service"',
        'job_runs_total{job=~"$service"',
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
def test_every_metric_of_a_service_is_one_that_the_documentation_names(dashboard: Json) -> None:
    for question in questions(dashboard):
        for name in selected(promql_parser.parse(question)):
            if not name.startswith(EXPORTERS) and name not in OWN:
                assert f"`{re.sub(r'_(bucket|count|sum)$', '', name)}`" in DOCUMENTED or f"`{name}`" in DOCUMENTED, name


def selected(expr: object) -> Iterator[str]:
    """Yield the names of the metrics that an expression reads."""
    if isinstance(expr, promql_parser.VectorSelector):
        yield str(expr.name)
    for part in ("expr", "lhs", "rhs", "vector_selector", "param"):
        if (inner := getattr(expr, part, None)) is not None and not isinstance(inner, str):
            yield from selected(inner)
    for inner in getattr(expr, "args", None) or ():
        yield from selected(inner)


def test_the_names_of_metrics_are_found_anywhere() -> None:
    text = "sum(rate(a_total[1m])) / scalar(b) or (time() - c) and ignoring (x) changes(max(d)[30s:1s])"
    assert set(selected(promql_parser.parse(text))) == {"a_total", "b", "c", "d"}


def test_nothing_on_a_dashboard_names_a_fault_or_a_cause(dashboard: Json) -> None:
    text = str(dashboard)
    assert not list(ids_in(text, [fault.id for fault in FAULTS]))
    assert not list(words_in(text))
