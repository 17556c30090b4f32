"""The signals are what the dashboards show, and each belongs to a component."""

import re

import pytest

from labctl.base.paths import bundle_root
from labctl.health.baseline import LOOK_BACK_S
from labctl.model.vocabulary import Component
from labctl.verify.dashboard_signals import COMPONENTS, OVERVIEW, RESOURCES, WINDOW_S, Signal

METRIC = re.compile(r"\b[a-z]+(?:_[a-z]+)+(?=[{\[ +])")
SIGNALS = (*OVERVIEW, *RESOURCES)


@pytest.mark.parametrize(("name", "signals"), [("service-overview", OVERVIEW), ("resources", RESOURCES)])
def test_they_are_on_their_dashboard(name: str, signals: tuple[Signal, ...]) -> None:
    dashboard = (bundle_root() / "grafana" / "dashboards" / f"{name}.json").read_text("utf-8")
    metrics = {name for each in signals for name in METRIC.findall(each.query)} - {
        "histogram_quantile",
        "server_address",
    }
    assert len(metrics) > 7
    assert not {name for name in metrics if name.removesuffix("_count") not in dashboard}


def test_each_has_a_name_of_its_own_and_a_floor() -> None:
    assert len({each.name for each in SIGNALS}) == len(SIGNALS)
    assert all(each.floor > 0 for each in SIGNALS)


def test_none_looks_back_further_than_a_healthy_window_knows() -> None:
    assert WINDOW_S <= LOOK_BACK_S


def test_every_component_but_the_clients_is_a_suspect() -> None:
    suspects = {each for each in Component if "-" not in each}
    assert suspects - COMPONENTS == {Component.CLIENTS, Component.TELEMETRY, Component.NONE}


def test_missing_telemetry_is_no_zero() -> None:
    assert not [each.name for each in SIGNALS if "vector(" in each.query or "absent(" in each.query]
