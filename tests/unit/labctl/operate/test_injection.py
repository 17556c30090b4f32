from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from labctl.base import paths
from labctl.base.errors import EngineError, HealError, HostError
from labctl.lab.lab import Lab
from labctl.lab.mechanisms.release import MADE
from labctl.model import lab as model
from labctl.model.draw import Draw, End, Range, usual
from labctl.model.fault import Fault
from labctl.model.lab import Lab as ModelLab
from labctl.operate import injection
from labctl.state import reserve
from labctl.state.change_feed import NewChange
from tests.support.catalogue import use_only
from tests.support.example_fault import breaking, is_broken
from tests.support.fake_lab import FakeStack, make_lab


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Lab, FakeStack]:
    return make_lab("lab", tmp_path, monkeypatch)


@pytest.fixture
def fault(monkeypatch: pytest.MonkeyPatch) -> Fault:
    """A fault that changes risk's configuration, and is the whole catalogue."""
    made = breaking()
    use_only(monkeypatch, made)
    return made


def test_what_is_injected_is_remembered_until_it_is_healed(made: tuple[Lab, FakeStack], fault: Fault) -> None:
    lab, _ = made
    injection.inject(lab, fault)
    assert injection.injected(lab) == [fault.id]
    assert is_broken(lab)
    assert injection.heal(lab) == 1
    assert injection.injected(lab) == []
    assert not is_broken(lab)


def test_what_varies_has_its_usual_value_without_a_draw(made: tuple[Lab, FakeStack], fault: Fault) -> None:
    lab, _ = made
    size = Range("the pool's size", ("1", "2"))

    def inject(lab: model.Lab, draw: Draw) -> None:
        lab.configuration.change("risk", "DB_POOL_MAX", draw.of(size), author=draw.author(), summary="Fewer")

    drawn = replace(fault, inject=inject, varies=(size,))
    injection.inject(lab, drawn)
    assert lab.configuration.settings("risk")["DB_POOL_MAX"] == "1"
    injection.heal(lab)
    injection.inject(lab, drawn, usual(End.HIGH))
    assert lab.configuration.settings("risk")["DB_POOL_MAX"] == "2"


def test_healing_is_harmless_when_nothing_was_injected(made: tuple[Lab, FakeStack], fault: Fault) -> None:
    lab, stack = made
    assert injection.heal(lab) == 0
    assert stack.rollouts == []


def left_from_a_killed_build(lab: Lab) -> Path:
    lab.store.set(MADE, {"made": ["labctl/risk:0123456789ab"]})
    left = paths.state_root() / "builds" / "abc" / "app.py"
    left.parent.mkdir(parents=True)
    left.write_text("")
    return left


def test_what_releases_left_on_the_host_goes_with_the_heal(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    left = left_from_a_killed_build(lab)
    injection.heal(lab)
    assert not left.exists()
    assert ("rmi", "labctl/risk:0123456789ab") in stack.docker.commands
    assert lab.store.get(MADE) == {"made": []}


def test_an_image_that_cannot_be_removed_does_not_keep_a_lab_from_being_healed(
    made: tuple[Lab, FakeStack], fault: Fault
) -> None:
    lab, stack = made
    left_from_a_killed_build(lab)
    injection.inject(lab, fault)
    stack.docker.refuses.add("rmi")
    assert injection.heal(lab) == 1
    assert not is_broken(lab)
    assert lab.store.get(MADE) == {"made": ["labctl/risk:0123456789ab"]}, "the next heal tries again"


def test_an_injection_that_fails_half_way_can_still_be_healed(made: tuple[Lab, FakeStack], fault: Fault) -> None:
    lab, stack = made
    stack.fails_with = EngineError("the daemon went away")
    with pytest.raises(EngineError):
        injection.inject(lab, fault)
    stack.fails_with = None
    assert injection.heal(lab) == 1
    assert not is_broken(lab)


def test_a_heal_that_fails_is_an_error_and_is_not_forgotten(made: tuple[Lab, FakeStack], fault: Fault) -> None:
    lab, stack = made
    injection.inject(lab, fault)
    stack.fails_with = EngineError("the daemon went away")
    with pytest.raises(HealError, match="the daemon went away") as caught:
        injection.heal(lab)
    assert fault.id not in caught.value.what
    assert injection.injected(lab) == [fault.id]


def test_healing_needs_no_file_of_a_fault(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    injection.inject(lab, breaking(id="from-another-version"))
    assert injection.heal(lab) == 1
    assert not is_broken(lab)


def test_injecting_twice_is_remembered_once(made: tuple[Lab, FakeStack], fault: Fault) -> None:
    lab, _ = made
    injection.inject(lab, fault)
    injection.inject(lab, fault)
    assert injection.injected(lab) == [fault.id]


def test_no_file_of_the_lab_names_the_fault(made: tuple[Lab, FakeStack], fault: Fault) -> None:
    lab, _ = made
    injection.inject(lab, fault)
    files = [path for path in lab.folder.rglob("*") if path.is_file()]
    assert not any(fault.id.encode() in path.read_bytes() for path in files)


def announced(lab: Lab, summary: str) -> None:
    """Tell of a job, as a fault or a colleague would."""
    lab.store.changes.add(NewChange("job", "jobs", summary, "", "export", "a.novak"))


def test_what_a_fault_left_in_the_feed_goes_with_it_whatever_it_is(made: tuple[Lab, FakeStack], fault: Fault) -> None:
    """A job comes and goes by itself, but a fault's would stay in the feed as an answer."""
    lab, _ = made

    def inject(given: ModelLab) -> None:
        announced(lab, "Export everything")
        fault.break_lab(given, usual())

    announced(lab, "Export a little")
    injection.inject(lab, replace(fault, inject=inject))
    told = {each.id: each.summary for each in lab.store.changes.list()}
    assert "Export everything" in [told[each] for each in injection.feed_of(lab)]
    assert "Export a little" not in [told[each] for each in injection.feed_of(lab)]
    injection.heal(lab)
    assert [each.summary for each in lab.store.changes.list()] == ["Export a little"]


def test_that_of_an_injection_that_was_cut_short_goes_too(made: tuple[Lab, FakeStack], fault: Fault) -> None:
    lab, _ = made

    def inject(_given: ModelLab) -> None:
        announced(lab, "Export everything")
        raise EngineError("gone")

    with pytest.raises(EngineError):
        injection.inject(lab, replace(fault, inject=inject))
    injection.heal(lab)
    assert lab.store.changes.list() == []


def test_a_full_disk_breaks_nothing(made: tuple[Lab, FakeStack], fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    lab, stack = made
    monkeypatch.setattr(reserve, "is_short", lambda _folder: True)
    with pytest.raises(HostError, match="is full"):
        injection.inject(lab, fault)
    assert (injection.injected(lab), is_broken(lab), stack.rollouts) == ([], False, [])
    assert lab.store.undo_log.entries() == []
