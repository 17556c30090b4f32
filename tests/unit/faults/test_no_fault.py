from pathlib import Path

import pytest
import yaml

from faults.no_fault import FAULT
from labctl.base.paths import bundle_root
from labctl.images import releases
from labctl.images.images import Images
from labctl.model.draw import usual
from labctl.model.vocabulary import Component, Impact
from tests.support.corpus import answer_tests
from tests.support.fake_lab import make_lab

RIGHT = (
    "none nothing nothing-wrong",
    "none code-release nothing-wrong",
)
WRONG = (
    "ledger code-release nothing-wrong",
    "ledger code-release consumer-lag",
    "none nothing telemetry-gap",
    "telemetry nothing nothing-wrong",
    "ledger nothing nothing-wrong",
)


test_right, test_wrong = answer_tests(FAULT, RIGHT, WRONG)


@pytest.fixture(autouse=True)
def _built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Images, "build_service", lambda *_: "")


def test_a_release_and_a_setting_go_out_as_any_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    FAULT.break_lab(lab, usual())
    change, setting = lab.store.changes.list()
    assert (change.kind, change.component, change.old) == ("release", "ledger", releases.versions("ledger")[0])
    assert (setting.kind, setting.component) == ("configuration", "ledger")
    assert stack.rollouts == ["ledger", "ledger"], "the second is what the alert takes for trouble"


def test_the_alert_is_one_of_the_rules_and_pages() -> None:
    document = yaml.safe_load((bundle_root() / "compose" / "prometheus" / "alerts.yml").read_text())
    rules = {rule["alert"]: rule for group in document["groups"] for rule in group["rules"] if "alert" in rule}
    assert rules["LedgerRestarted"]["labels"]["severity"] == "page"
    assert 'service="ledger"' in rules["LedgerRestarted"]["expr"]
    assert 'alertname="LedgerRestarted"' in FAULT.symptom.query


def test_nobody_is_hurt() -> None:
    assert FAULT.impact == {Impact.NO_IMPACT}
    assert FAULT.root_cause.component is Component.NONE
    assert not {Component.CLIENTS, Component.GATEWAY} & FAULT.blast_radius


def test_no_other_fault_rolls_the_ledger_out() -> None:
    sources = (bundle_root() / "faults").glob("*.py")
    assert [path.stem for path in sources if 'draw, "ledger"' in path.read_text()] == ["no_fault"]
