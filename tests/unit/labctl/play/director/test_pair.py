from __future__ import annotations

from dataclasses import replace

import pytest

from labctl.catalogue import colleagues
from labctl.lab.lab import Lab
from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab as ModelLab
from labctl.model.vocabulary import Component
from labctl.play.director import around, making, pair
from labctl.state.script import Script
from tests.support.catalogue import FAULTS
from tests.support.example_change import FLAG, JOB, NEWS, POOL, set_pool, use_changes
from tests.support.example_fault import example

SEEN_JOB = replace(JOB, shows=Component.POSTGRES)
RELEASE = ColleaguesChange("a-release", ChangeKind.RELEASE, Component.LEDGER, "", set_pool)


@pytest.mark.parametrize(
    ("change", "chain", "fits"),
    [
        (POOL, {"risk"}, True),  # a roll-out is seen
        (POOL, {"risk", "payments"}, False),
        (SEEN_JOB, {"risk"}, True),
        (SEEN_JOB, {"risk", "postgres"}, False),
        (JOB, {"risk"}, False),  # nobody sees it
        (FLAG, {"payments"}, False),
        (RELEASE, {"risk"}, False),
    ],
)
def test_what_is_seen_elsewhere(change: ColleaguesChange, chain: set[str], fits: bool) -> None:
    assert pair.fits(change, frozenset(chain)) is fits


def test_the_other_half_is_made_and_noted(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    use_changes(monkeypatch, FLAG, NEWS, SEEN_JOB)
    script, decoy = pair.lay(lab, Script(7), frozenset({"risk"}))
    (told,) = lab.store.changes.list()
    assert decoy
    assert (decoy.feed, decoy.shows, told.kind) == (told.id, "postgres", "job")
    assert [each.change for each in script.made] == ["count"]


def test_a_change_that_nobody_announces_is_no_half_of_a_pair(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    def silently(given: ModelLab, _draw: Draw) -> None:
        given.cpu.limit("risk", 0.9)

    use_changes(monkeypatch, replace(JOB, make=silently, shows=Component.RISK))
    script, decoy = pair.lay(lab, Script(7), frozenset({"payments"}))
    assert decoy is None
    assert script.made, "it is in force, and is undone with the rest"


def test_without_a_change_that_fits_there_is_no_pair(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    use_changes(monkeypatch, POOL, FLAG)
    assert pair.lay(lab, Script(7), frozenset({"payments"})) == (Script(7), None)
    assert lab.store.changes.list() == []


def test_a_share_of_the_seeds_brings_a_pair(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    laid: list[int] = []

    def lay(_lab: Lab, script: Script, _chain: frozenset[str]) -> tuple[Script, None]:
        laid.append(script.seed)
        return script, None

    monkeypatch.setattr(pair, "lay", lay)
    monkeypatch.setattr(making, "quick", lambda _lab, script, _chain: script)
    for seed in range(100):
        around.before_injection(lab, example(), seed, pairs=around.PAIRS)
    assert 20 < len(laid) < 50
    before = list(laid)
    for seed in range(100):
        around.before_injection(lab, example(), seed, pairs=around.PAIRS)
    assert laid == before * 2
    around.before_injection(lab, example(), 1)
    assert laid == before * 2, "where a fault is named, it comes alone"


def test_every_shipped_fault_can_be_one_of_a_pair() -> None:
    changes = colleagues.usable()[0]
    for fault in FAULTS:
        fitting = [each.id for each in changes if pair.fits(each, around.components(fault))]
        assert len(fitting) >= 3, fault.id
