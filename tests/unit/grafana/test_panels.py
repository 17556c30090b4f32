"""Panels: units, colours, thresholds, legends and descriptions are right, and the same everywhere."""

import re
from collections import defaultdict
from typing import Any

import promql_parser
import pytest
import yaml

from labctl.base import paths
from labctl.model.vocabulary import Component
from tests.support import dashboards
from tests.support.dashboards import Json, every_panel

PANELS = dict(every_panel())
RULES = {
    rule["alert"]: rule["expr"]
    for group in yaml.safe_load((paths.bundle_root() / "compose" / "prometheus" / "alerts.yml").read_text())["groups"]
    for rule in group["rules"]
    if "alert" in rule
}
PER_SECOND = {"reqps", "ops", "cps", "pps", "Bps", "rowsps"}
KINDS = {"timeseries", "stat", "table", "logs"}
WITH_SERVICES = {"gateway", "payments", "risk", "ledger", "jobs", "acquirer", "postgres", "redis"}


@pytest.fixture(params=PANELS)
def panel(request: pytest.FixtureRequest) -> Json:
    return PANELS[request.param]


def drawn(kind: str) -> list[str]:
    return [name for name, each in PANELS.items() if each["type"] == kind]


def red(panel: Json) -> float | None:
    """Where a panel turns red; None where it never does."""
    steps = panel["fieldConfig"]["defaults"].get("thresholds", {"steps": []})["steps"]
    return next((step["value"] for step in steps if step["color"] == "red"), None)


def numbers(expr: Any) -> set[float]:
    """All numbers that a rule compares something with."""
    if isinstance(expr, promql_parser.ParenExpr):
        return numbers(expr.expr)
    if not isinstance(expr, promql_parser.BinaryExpr):
        return set()
    found = numbers(expr.lhs) | numbers(expr.rhs)
    if str(expr.op).split()[0] in (">", ">=") and isinstance(expr.rhs, promql_parser.NumberLiteral):
        found.add(expr.rhs.val)
    return found


def alerts_named(panel: Json) -> list[str]:
    """The alerts that a panel's description says it shows."""
    return re.findall(r"\((\w+)\)", panel["description"])


def test_every_panel_is_of_a_well_known_kind_and_says_what_it_shows(panel: Json) -> None:
    assert panel["type"] in KINDS
    assert panel["description"].endswith(".")
    assert "transformations" not in panel


def test_every_curve_and_number_has_its_unit(panel: Json) -> None:
    if panel["type"] in ("timeseries", "stat"):
        unit = panel["fieldConfig"]["defaults"]["unit"]
        asked = [target["expr"] for target in panel["targets"]]
        is_rate = all(re.match(r"\(?sum(?: by \([^)]*\))? \(?\(?rate\(|sum\(rate\(", each) for each in asked)
        quotient = any(" / " in each for each in asked)
        if is_rate and not quotient:
            assert unit in PER_SECOND | {"none"}
            assert unit != "none" or "cpu_usage" in asked[0], "processor seconds per second are cores"
        if any("histogram_quantile" in each for each in asked):
            assert unit == "s"


def test_ratios_are_shares(panel: Json) -> None:
    if panel["type"] in ("timeseries", "stat") and re.search(
        r"\bratio|\bshare|\blimit|\bquota", panel["title"].lower()
    ):
        assert panel["fieldConfig"]["defaults"]["unit"] == "percentunit"


@pytest.mark.parametrize("name", drawn("timeseries"))
def test_every_legend_is_a_table_with_last_and_max(name: str) -> None:
    legend = PANELS[name]["options"]["legend"]
    assert (legend["displayMode"], legend["showLegend"]) == ("table", True)
    assert legend["calcs"] == ["lastNotNull", "max"]
    assert all(target["legendFormat"] for target in PANELS[name]["targets"])


@pytest.mark.parametrize("name", drawn("timeseries"))
def test_a_gap_is_drawn_as_one(name: str) -> None:
    assert PANELS[name]["fieldConfig"]["defaults"]["custom"]["spanNulls"] is False


def test_a_name_has_one_colour_in_all_panels_and_no_other_name_has_it() -> None:
    colours: dict[str, set[str]] = defaultdict(set)
    for each in PANELS.values():
        for override in each["fieldConfig"].get("overrides", []):
            for found in override["properties"]:
                if found["id"] == "color":
                    assert override["matcher"]["id"] == "byName"
                    colours[override["matcher"]["options"]].add(found["value"]["fixedColor"])
    assert {name for name, found in colours.items() if len(found) > 1} == set()
    assert len({colour for name in WITH_SERVICES for colour in colours[name]}) == len(WITH_SERVICES)
    assert {str(each) for each in Component} >= WITH_SERVICES


@pytest.mark.parametrize("name", drawn("timeseries"))
def test_services_and_endpoints_have_their_colour_wherever_they_are_a_curve(name: str) -> None:
    panel = PANELS[name]
    coloured = {each["matcher"]["options"] for each in panel["fieldConfig"]["overrides"]}
    legends = {target["legendFormat"] for target in panel["targets"]}
    of_scrapes = any(each in str(panel["targets"]) for each in ("(up)", "scrape_duration"))
    if legends & {"{{job}}", "{{service}}", "{{service_name}}"} and not of_scrapes:
        assert coloured >= WITH_SERVICES
    if "{{endpoint}}" in legends:
        assert coloured >= {"checkout", "lookup", "history", "refund"}
    # All other names keep theirs by what they are called.
    assert panel["fieldConfig"]["defaults"]["color"]["mode"] == "palette-classic-by-name"


@pytest.mark.parametrize(
    "name", [name for name, each in PANELS.items() if each["type"] != "logs" and red(each) not in (None, 1)]
)
def test_red_begins_where_an_alert_pages(name: str) -> None:
    named = alerts_named(PANELS[name])
    assert named, "a panel with a red line names the alert in brackets"
    for alert in named:
        assert red(PANELS[name]) in numbers(promql_parser.parse(RULES[alert])), alert


def test_what_every_alert_measures_is_on_a_panel() -> None:
    shown = {alert for each in PANELS.values() for alert in alerts_named(each)}
    assert shown == set(RULES)


@pytest.mark.parametrize(
    "name", [name for name, each in PANELS.items() if alerts_named(each) and each["type"] == "timeseries"]
)
def test_the_level_that_pages_is_drawn_as_a_line(name: str) -> None:
    custom = PANELS[name]["fieldConfig"]["defaults"]["custom"]
    # The ledger's restarts page from the second on: there is nothing between to draw a line at.
    expected = "off" if alerts_named(PANELS[name]) == ["LedgerRestarted"] else "line"
    assert custom["thresholdsStyle"]["mode"] == expected


def test_every_threshold_that_pages_for_an_endpoint_is_drawn() -> None:
    drawn_at = {alert: {red(each) for each in PANELS.values() if alert in alerts_named(each)} for alert in RULES}
    assert drawn_at["EndpointLatencyHigh"] == {0.15, 0.5}
    assert drawn_at["EndpointErrorRatioHigh"] == {0.02}
    assert drawn_at["CheckoutErrorRatioHigh"] == {0.01}


def test_an_empty_answer_that_is_good_news_says_so() -> None:
    quiet = {name for name, each in PANELS.items() if each["fieldConfig"]["defaults"].get("noValue")}
    assert quiet == {
        "service-overview: Firing alerts",
        "service-overview: Warnings and errors of services",
        "logs-and-telemetry: Warnings and errors by service",
        "payments-and-ledger: Lines of the ledger",
        "payments-and-ledger: Lines of jobs",
    }


@pytest.mark.parametrize("name", [name for name, each in PANELS.items() if dashboards.links(each)])
def test_links_lead_into_explore_with_a_question_of_their_own(name: str) -> None:
    labels = {"job": "payments", "service": "payments"}
    for link in dashboards.links(PANELS[name]):
        used = set(re.findall(r"__field\.labels\.(\w+)", link["url"]))
        assert all(f"{{{{{each}}}}}" in str(PANELS[name]["targets"]) for each in used), "a curve has the label"
        source, (query,) = dashboards.explored(link["url"], labels)
        assert source == query["datasource"]["uid"]
        assert "payments" in (query.get("expr") or query["service"])
