from __future__ import annotations

import pytest

from labctl.lab.lab import Lab
from labctl.play.director import making
from labctl.state.script import Script
from tests.support.example_change import FLAG, NEWS, POOL, use_changes
from tests.support.fake_lab import FakeStack


def script(lab: Lab) -> Script:
    found = lab.store.script.read()
    assert found is not None
    return found


def test_the_first_that_fits_is_made(lab: Lab) -> None:
    after, made = making.first(lab, script(lab), [POOL, FLAG], due=5.0)
    assert made
    assert [each.change for each in after.made] == [POOL.id]
    again, made = making.first(lab, after, [POOL, FLAG], due=6.0)
    assert made, "what is in force already does not fit"
    assert [each.change for each in again.made] == [POOL.id, FLAG.id]
    assert making.first(lab, again, [POOL, FLAG], due=7.0) == (again, False)
    assert script(lab) == again
    assert again.due == 6.0


def test_a_quick_one_is_made_where_it_is_wanted(lab: Lab) -> None:
    after = making.quick(lab, script(lab), {"risk"})
    after = making.quick(lab, after, {"jobs"})
    assert [each.component for each in after.made] == ["risk", "jobs"]


def test_what_is_to_be_avoided_comes_last(lab: Lab) -> None:
    after = making.quick(lab, script(lab), {"risk"}, avoid={("risk", "flag"), ("payments", "configuration")})
    assert [each.component for each in after.made] == ["jobs"]


def test_traffic_and_roll_outs_of_what_has_to_stand_still_are_left_out(
    made: tuple[Lab, FakeStack], monkeypatch: pytest.MonkeyPatch
) -> None:
    lab, stack = made
    use_changes(monkeypatch, POOL, NEWS)
    assert making.quick(lab, script(lab), {"payments"}, still={"payments"}).made == ()
    assert stack.rollouts == []


def test_where_nothing_fits_any_more_something_is_taken_back(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    use_changes(monkeypatch, FLAG)
    after = making.quick(lab, script(lab), {"risk"})
    assert making.quick(lab, after, {"risk"}).made == ()
    assert [each.kind for each in lab.store.changes.list()] == ["flag", "flag"]


def test_what_has_to_stand_still_is_not_rolled_back_either(
    made: tuple[Lab, FakeStack], monkeypatch: pytest.MonkeyPatch
) -> None:
    lab, stack = made
    use_changes(monkeypatch, POOL)
    after = making.quick(lab, script(lab), {"payments"})
    assert stack.rollouts == ["payments"]
    assert making.quick(lab, after, {"payments"}, still={"payments"}) == after
    assert stack.rollouts == ["payments"]
    assert making.quick(lab, after, {"payments"}).made == ()
