import re

import pytest
import yaml

from labctl.base.errors import NotFoundError
from labctl.health import runbook
from tests.support.catalogue import FAULTS
from tests.support.markdown import ROOT

RULES = yaml.safe_load((ROOT / "compose" / "prometheus" / "alerts.yml").read_text("utf-8"))
ALERTS = sorted(rule["alert"] for group in RULES["groups"] for rule in group["rules"] if "alert" in rule)


def test_every_alert_has_its_runbook_and_every_runbook_its_alert() -> None:
    assert runbook.alerts() == ALERTS


@pytest.mark.parametrize("alert", ALERTS)
def test_it_says_how_to_look_and_never_what_it_is(alert: str) -> None:
    name, text = runbook.text(alert)
    assert (name, text.splitlines()[0]) == (alert, f"# {alert}")
    for part in ("**First, how bad is it?**", "**Then, where?**", "**Then, why?**"):
        assert part in text
    for fault in FAULTS:
        cause = fault.root_cause
        for word in (fault.id, fault.title, str(cause.mechanism), str(cause.trigger)):
            # A word without a dash, such as "nothing", is everybody's.
            assert "-" not in word or word.lower() not in text.lower()


@pytest.mark.parametrize("alert", ALERTS)
def test_its_queries_are_of_metrics_that_the_documentation_knows(alert: str) -> None:
    _, text = runbook.text(alert)
    known = (ROOT / "docs" / "telemetry.md").read_text("utf-8")
    for metric in re.findall(r"\b((?:client|stream|container)_[a-z_]+?)(?:_bucket|_count)?[{\[)'(]", text):
        assert metric.removesuffix("_total") in known, metric


@pytest.mark.parametrize("typed", ["balanceslate", "Balances", "BALANCESLATE"])
def test_a_beginning_is_enough_in_any_case(typed: str) -> None:
    assert runbook.text(typed)[0] == "BalancesLate"


def test_an_unknown_alert_gets_the_nearest() -> None:
    with pytest.raises(NotFoundError, match="no alert named") as caught:
        runbook.text("BalancesLat3")
    assert caught.value.near is not None
    assert caught.value.near.lower() == "balanceslate"
