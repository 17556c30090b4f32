"""Errands: killed at any moment, they go on, and nothing is done twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from labctl.actions import errand, heal, incident
from labctl.base import bug_report
from labctl.base.errors import LabctlError, LabStateError
from labctl.operate import background
from labctl.state.errand import DONE, FAILED
from tests.support.world import World


@pytest.fixture(autouse=True)
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []
    monkeypatch.setattr(background, "start", lambda _name, kind: found.append(kind.name))
    return found


def raising(error: Exception) -> Callable[..., None]:
    def fails(*_: object, **__: object) -> None:
        raise error

    return fails


def state(world: World) -> str:
    record = world.lab.store.errand.read()
    assert record is not None
    return record.state


def test_a_process_is_started_and_again_after_it_was_killed(world: World, started: list[str]) -> None:
    errand.ask_break("lab", errand.Asked())
    assert "errand" in started
    started.clear()
    assert world.lab.store.errand.take()  # and killed there
    found = errand.present("lab")
    assert found is not None
    assert found.under_way
    assert "errand" in started


def test_a_break_that_was_killed_after_its_page_is_not_done_again(world: World) -> None:
    errand.ask_break("lab", errand.Asked())
    errand.run("lab")
    record = world.lab.store.errand.read()
    assert record is not None
    world.lab.store.errand.write(type(record)(**{**vars(record), "state": "running", "ended_at": None}))
    errand.run("lab")
    assert state(world) == DONE
    assert incident.page("lab").incident == "INC-0001"
    assert len(world.broken) == 1


def test_an_error_is_kept_as_it_is(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    errand.ask_heal("lab")
    error = LabctlError("it broke", expected="a whole one", todo="mend it")
    monkeypatch.setattr(heal, "heal", raising(error))
    errand.run("lab")
    found = errand.present("lab")
    assert found is not None
    assert found.problem is not None
    assert (found.state, found.problem.what, found.problem.todo) == (FAILED, "it broke", "mend it")


def test_a_bug_ends_it_and_says_nothing_of_itself(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    errand.ask_heal("lab")
    monkeypatch.setattr(heal, "heal", raising(ValueError("the name of a fault")))
    monkeypatch.setattr(bug_report, "write", lambda _bug: LabctlError("a bug", todo="a report\nwith its text"))
    with pytest.raises(ValueError, match="the name of a fault"):
        errand.run("lab")
    found = errand.present("lab")
    assert found is not None
    assert found.problem is not None
    assert (found.problem.what, found.problem.todo) == ("this is a bug in labctl", "")


def test_what_can_be_done_follows_the_lab(world: World) -> None:
    assert errand.following("lab").may_begin
    errand.ask_break("lab", errand.Asked())
    assert not errand.following("lab").may_begin
    errand.run("lab")
    now = errand.following("lab")
    assert (now.is_open, now.broken, now.incident) == (True, False, "INC-0001")
    with pytest.raises(LabStateError, match="still open"):
        errand.ask_break("lab", errand.Asked())


def test_a_fault_that_a_plan_names_is_hidden_and_drawn_by_its_seed(world: World) -> None:
    asked = errand.Asked(fault="example-fault", seed=7, limit="20m", drill="monday")
    errand.ask_break("lab", asked)
    errand.run("lab")
    kept = next(iter(world.lab.store.documents.all("incident").values()))
    assert (kept["hidden"], kept["seed"], kept["limit_s"], kept["around"]["drill"]) == (True, 7, 1200.0, "monday")
