from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from labctl.base.errors import EngineError
from labctl.lab.lab import Lab
from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.vocabulary import Component
from labctl.operate import injection, steps
from labctl.play.director import making, meanwhile
from labctl.state.script import Script
from tests.support.example_change import FLAG, JOB, POOL, use_changes
from tests.support.example_fault import breaking, example
from tests.support.fake_lab import FakeStack, make_lab

SEEDS = range(40)


def script(lab: Lab) -> Script:
    found = lab.store.script.read()
    assert found is not None
    return found


def newest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> tuple[str, str]:
    """Return what was changed last when the fault's page came: one of all shipped changes, or the cause."""
    lab, _ = make_lab(f"lab-{seed}", tmp_path, monkeypatch)
    lab.flag_file.prepare()
    lab.store.save(replace(lab.record, status="running"))
    lab.store.script.write(Script(seed))
    injection.inject(lab, breaking())
    meanwhile.after_injection(lab, breaking())
    change = lab.store.changes.list()[-1]
    return change.component, change.kind


def test_the_newest_change_is_seldom_the_cause_nor_is_it_that_of_its_component(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Counter(newest(tmp_path, monkeypatch, seed) for seed in SEEDS)
    assert 0 < found["risk", "configuration"] <= 0.35 * len(SEEDS)
    assert found["risk", "flag"] >= 0.35 * len(SEEDS)
    assert len(found) > 3, "nor is it always there"


def test_what_suffers_is_not_rolled_out(made: tuple[Lab, FakeStack], monkeypatch: pytest.MonkeyPatch) -> None:
    lab, stack = made
    use_changes(monkeypatch, POOL)
    suffering = replace(example(), blast_radius=frozenset({Component.PAYMENTS}))
    for _ in range(5):
        meanwhile.after_injection(lab, suffering)
    assert stack.rollouts == []


def test_what_cannot_be_made_in_a_lab_that_breaks_is_left_out(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise EngineError("no answer")

    refused = ColleaguesChange("refused", ChangeKind.JOB, Component.JOBS, "A story.", fail)
    use_changes(monkeypatch, refused)
    monkeypatch.setattr(meanwhile, "HOW_MANY", (2,))
    meanwhile.after_injection(lab, example())
    assert (script(lab).failed, script(lab).made, script(lab).under_way) == (1, (), None), "and none follows it"
    assert not steps.cut_short(lab)
    use_changes(monkeypatch, JOB, FLAG)
    meanwhile.after_injection(lab, example())
    assert script(lab).made


def test_a_way_back_that_was_cut_short_is_still_known(
    made: tuple[Lab, FakeStack], monkeypatch: pytest.MonkeyPatch
) -> None:
    lab, stack = made
    use_changes(monkeypatch, POOL)
    monkeypatch.setattr(meanwhile, "HOW_MANY", (2,))
    monkeypatch.setattr(meanwhile, "AT_THE_CAUSE", 0.0)
    calm = replace(example(), blast_radius=frozenset())
    before = making.quick(lab, script(lab), {"payments"})
    stack.fails_with = EngineError("no answer")
    meanwhile.after_injection(lab, calm)
    begun = script(lab).under_way
    assert begun
    assert begun.back == before.made[0].number
    assert script(lab).failed == 1
    stack.fails_with = None
    steps.settle(lab)
    assert script(lab).made == ()


@pytest.mark.parametrize("known", [None, Script(7, playing=False)])
def test_where_nobody_else_works_nothing_happens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, known: Script | None
) -> None:
    lab, _ = make_lab("lab", tmp_path, monkeypatch)
    if known:
        lab.store.script.write(known)
    for _ in range(5):
        meanwhile.after_injection(lab, example())
    assert lab.store.changes.list() == []
