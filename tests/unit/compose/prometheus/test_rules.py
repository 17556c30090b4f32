"""Scraping and alert rules, as text; tests/integration/test_alert_rules.py runs them."""

from typing import Any

import pytest
import yaml

from labctl.base import paths
from labctl.model.services import with_sources
from labctl.model.vocabulary import Component, Mechanism

FOLDER = paths.bundle_root() / "compose" / "prometheus"
COMPOSE = yaml.safe_load((FOLDER.parent / "lab.yml").read_text())
CONFIGURATION = yaml.safe_load((FOLDER / "prometheus.yml").read_text())
GROUPS = yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"]
ALERTS = [rule for group in GROUPS for rule in group["rules"] if "alert" in rule]
RECORDS = [rule["record"] for group in GROUPS for rule in group["rules"] if "record" in rule]


@pytest.fixture(params=ALERTS, ids=[rule["alert"] for rule in ALERTS])
def alert(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = request.param
    return found


def test_figures_have_a_resolution_of_one_second() -> None:
    assert CONFIGURATION["global"]["scrape_interval"] == "1s"
    assert CONFIGURATION["global"]["evaluation_interval"] == "1s"


def test_whatever_is_scraped_is_a_service_of_the_lab() -> None:
    targets = [
        target
        for job in CONFIGURATION["scrape_configs"]
        for each in job["static_configs"]
        for target in each["targets"]
    ]
    assert {target.split(":")[0] for target in targets} - {"127.0.0.1"} <= set(COMPOSE["services"])


def test_telemetry_speaks_for_the_services() -> None:
    job = next(job for job in CONFIGURATION["scrape_configs"] if job["job_name"] == "telemetry")
    assert job["honor_labels"] is True
    assert job["metric_relabel_configs"] == [{"source_labels": ["job"], "target_label": "service"}]


def test_prometheus_keeps_exemplars_and_bounds_what_it_stores() -> None:
    command = COMPOSE["services"]["prometheus"]["command"]
    assert "--enable-feature=exemplar-storage" in command
    assert any(option.startswith("--storage.tsdb.retention.time=") for option in command)
    assert any(option.startswith("--storage.tsdb.retention.size=") for option in command)


def test_the_pages_that_the_lab_promises() -> None:
    assert {"CheckoutErrorRatioHigh", "CheckoutLatencyHigh", "BalancesLate"} <= {rule["alert"] for rule in ALERTS}


def test_records_and_alerts_share_a_group_so_that_none_waits_for_the_next_second() -> None:
    assert len(GROUPS) == 1
    assert RECORDS


def test_an_alert_pages_and_says_which_service_users_touch(alert: dict[str, Any]) -> None:
    assert alert["labels"]["severity"] == "page"
    assert alert["labels"]["service"] in with_sources()
    assert alert["for"] in {"2s", "10s"}


def test_a_page_says_how_bad_it_is(alert: dict[str, Any]) -> None:
    assert "$value | humanize" in alert["annotations"]["summary"]
    assert alert["annotations"]["description"].endswith(".")


def test_a_page_names_no_cause(alert: dict[str, Any]) -> None:
    words = " ".join([alert["alert"], *alert["annotations"].values()]).lower()
    users_touch = {Component.GATEWAY, Component.LEDGER, Component.CLIENTS, Component.NONE}
    for inside in set(Component) - users_touch:
        assert f"{inside.value} " not in f"{words} ".replace("payments wait", "")
    assert not [each for each in Mechanism if each.value.replace("-", " ") in words]


def test_checkouts_are_measured_at_the_clients() -> None:
    for rule in ALERTS:
        if rule["alert"].startswith(("Checkout", "Endpoint")):
            assert "endpoint" in rule["expr"]
            assert not [record for record in RECORDS if "client_" not in record]
