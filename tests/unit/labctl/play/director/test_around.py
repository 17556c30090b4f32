from __future__ import annotations

import time

import pytest

from labctl.lab.lab import Lab
from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.surroundings import NOTHING_AROUND
from labctl.model.vocabulary import Component
from labctl.play.director import around, history, opening
from labctl.state.script import Script
from tests.support.example_change import FLAG, JOB, NEWS, POOL, set_pool, use_changes
from tests.support.example_fault import example
from tests.support.fake_lab import FakeStack


def script(lab: Lab) -> Script:
    found = lab.store.script.read()
    assert found is not None
    return found


def test_something_on_the_chain_is_changed_and_nothing_is_told_of_the_past(lab: Lab) -> None:
    opening.open_office(lab)  # which fills the hour
    before = lab.store.changes.list()
    began = time.time()
    found = around.before_injection(lab, example())
    feed = lab.store.changes.list()
    assert len(before) >= history.LEAST_IN_HOUR
    assert [each for each in feed if each.at < began] == before, "who read it before would know what is new"
    chain = around.components(example())
    on_chain = [each for each in feed if each.component in chain and each.at >= began - around.NEAR_S]
    assert any(each.at >= began for each in on_chain)
    assert found.near == len(on_chain) >= 1
    assert found.decoy is None
    assert script(lab).made


def test_the_seed_says_which(lab: Lab) -> None:
    around.before_injection(lab, example(), 42)
    first = [(each.change) for each in script(lab).made]
    assert script(lab).seed == 42
    assert first


def test_a_release_takes_too_long(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    release = ColleaguesChange("a-release", ChangeKind.RELEASE, Component.PAYMENTS, "", set_pool)
    use_changes(monkeypatch, release, NEWS, JOB)
    around.before_injection(lab, example())
    assert {each.change for each in script(lab).made} == {"count"}, "and traffic would change how the fault shows"


def test_where_nothing_is_left_to_change_something_is_taken_back(
    made: tuple[Lab, FakeStack], monkeypatch: pytest.MonkeyPatch
) -> None:
    lab, _ = made
    use_changes(monkeypatch, POOL)
    for _ in range(3):
        around.before_injection(lab, example())
    keys = [each.new for each in lab.store.changes.list() if each.component == "payments" and "POOL" in each.new]
    assert {"DB_POOL_MAX=8", "DB_POOL_MAX=9"} <= set(keys)


@pytest.mark.parametrize("known", [None, Script(7, playing=False)])
def test_where_nobody_else_works_nothing_happens(lab: Lab, known: Script | None) -> None:
    if known:
        lab.store.script.write(known)
    else:
        with lab.store.database.writing() as connection:
            connection.execute("DELETE FROM settings WHERE key = 'script'")
    assert around.before_injection(lab, example(), pairs=1.0) == NOTHING_AROUND
    around.after_page(lab, time.time())
    assert (lab.store.changes.list(), lab.store.undo_log.entries()) == ([], [])
    assert lab.store.script.read() == known


def test_the_next_change_follows_the_page_soon(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    use_changes(monkeypatch, FLAG)
    paged = time.time()
    around.after_page(lab, paged)
    assert 10 < script(lab).due - paged < 110
