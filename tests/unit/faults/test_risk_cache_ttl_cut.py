from pathlib import Path

import pytest

from faults.risk_cache_ttl_cut import FAULT
from labctl.lab import undo
from labctl.model.draw import usual
from labctl.model.verdict import Answer, score
from labctl.model.vocabulary import Component, Impact
from tests.support.corpus import answer_tests
from tests.support.fake_lab import make_lab

RIGHT = (
    "risk configuration-change cache-lifetime-too-short",
    "risk-redis configuration-change cache-lifetime-too-short",
)
WRONG = (
    # the decoy: payments is unhealthy
    "payments code-release overload",
    "payments infrastructure-failure cpu-throttling",
    "payments configuration-change connection-pool-too-small",
    # right place, wrong change
    "risk code-release cache-lifetime-too-short",
    "risk nothing cache-lifetime-too-short",
    "risk feature-flag cache-lifetime-too-short",
    # right change, wrong mechanism
    "risk configuration-change stale-cache",
    "risk configuration-change timeout-too-short",
    "risk configuration-change connection-pool-too-small",
    # a link of the chain, taken for its beginning
    "postgres traffic-change overload",
    "payments-risk configuration-change timeout-too-short",
    "gateway nothing slow-dependency",
    # right words at the wrong place
    "redis configuration-change cache-lifetime-too-short",
    "payments configuration-change cache-lifetime-too-short",
    "none nothing nothing-wrong",
)


test_right, test_wrong = answer_tests(FAULT, RIGHT, WRONG)


def test_the_impact_is_some_checkouts_not_all() -> None:
    some = Answer(FAULT.root_cause, frozenset({Impact.CHECKOUT_ERRORS}))
    every = Answer(FAULT.root_cause, frozenset({Impact.CHECKOUT_OUTAGE}))
    assert score(FAULT, some, 2).total == 100
    assert score(FAULT, every, 2).total == 85


def test_it_changes_one_setting_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    before = lab.configuration.settings("risk")
    FAULT.break_lab(lab, usual())
    assert lab.configuration.settings("risk") == {**before, "FEATURE_CACHE_TTL_SECONDS": "30"}
    assert stack.rollouts == ["risk"]
    (change,) = lab.store.changes.list()
    assert (change.kind, change.component) == ("configuration", "risk")
    assert (change.old, change.new) == ("FEATURE_CACHE_TTL_SECONDS=3600", "FEATURE_CACHE_TTL_SECONDS=30")


def test_healing_gives_risk_its_configuration_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    FAULT.break_lab(lab, usual())
    undo.replay(lab)
    assert lab.configuration.settings("risk")["FEATURE_CACHE_TTL_SECONDS"] == "3600"
    assert stack.rollouts == ["risk", "risk"]


def test_the_chain_runs_from_risk_to_the_clients() -> None:
    assert [link.component for link in FAULT.chain] == [
        Component.RISK,
        Component.RISK,
        Component.POSTGRES,
        Component.RISK,
        Component.RISK,
        Component.PAYMENTS,
        Component.GATEWAY,
        Component.CLIENTS,
    ]


def test_what_must_stay_rules_the_decoys_out() -> None:
    stays = {probe.name for probe in FAULT.must_not_move}
    assert {"payments: CPU", "risk: mean", "redis: evictions", "clients: traffic"} <= stays
