"""How a lab server comes to have its lab: commands are noted, the lab's folder is real."""

from __future__ import annotations

from pathlib import Path

import pytest

from labctl.actions import down, room
from labctl.base import paths
from labctl.base.errors import EngineError, LabStateError
from labctl.base.waiting import wait_until
from labctl.gameday.servers import opening
from labctl.gameday.servers.opening import Opening, Wanted

LAB = "day-blue"


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []

    def up(name: str, _options: object) -> None:
        found.append(f"up {name}")
        paths.lab_dir(name).mkdir(parents=True, exist_ok=True)

    def remove(name: str) -> None:
        found.append(f"down {name}")
        for each in (*paths.lab_dir(name).glob("*"),):
            each.unlink()

    monkeypatch.setattr(opening, "up", up)
    monkeypatch.setattr(down, "down", remove)
    monkeypatch.setattr(room, "open_behind", lambda name, prefix, _: found.append(f"room {name} {prefix}") or 9000)
    return found


@pytest.fixture
def one(tmp_path: Path) -> Opening:
    (tmp_path / "front").write_text("the secret of the day")
    return Opening(LAB, tmp_path / "front")


def open_(one: Opening, keep: str = "") -> str:
    one.open(Wanted(5.0, 1, "/t/blue", keep))
    wait_until(lambda: not one.state().opening, what="the opening's end", timeout=20)
    return one.state().lab


def test_a_lab_is_made_and_known_again_by_whoever_comes_next(one: Opening, done: list[str], tmp_path: Path) -> None:
    lab = open_(one)
    assert lab
    assert one.state().ready
    assert done == [f"down {LAB}", f"up {LAB}", f"room {LAB} /t/blue"]
    later = Opening(LAB, tmp_path / "front")
    assert (later.state().lab, later.state().ready) == (lab, False)
    assert open_(later, keep=lab) == lab
    assert done[3:] == [f"up {LAB}", f"room {LAB} /t/blue"]


def test_one_that_the_hub_does_not_know_is_made_anew(one: Opening, done: list[str]) -> None:
    lab = open_(one)
    assert open_(one, keep="another") != lab
    assert done.count(f"down {LAB}") == 2


def test_one_of_another_day_is_none_of_this(one: Opening, done: list[str]) -> None:
    lab = open_(one)
    one.front.write_text("the secret of the next day")
    assert one.state().lab == ""
    assert open_(one) != lab
    assert done.count(f"down {LAB}") == 2


def test_why_it_failed_is_told_and_it_can_be_tried_again(
    one: Opening, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        paths.lab_dir(LAB).mkdir(parents=True)
        raise EngineError("Docker is away")

    with monkeypatch.context() as patch:
        patch.setattr(opening, "up", refuse)
        open_(one)
    assert (one.state().ready, one.state().problem) == (False, "Docker is away")
    assert one.state().lab
    open_(one)
    assert (one.state().ready, one.state().problem) == (True, "")
    assert done == [f"down {LAB}", f"up {LAB}", f"room {LAB} /t/blue"]  # it was gone on with


def test_one_that_is_closed_stays_so(one: Opening, done: list[str]) -> None:
    open_(one)
    one.close()
    assert done[-1] == f"down {LAB}"
    assert open_(one) == ""
    assert not one.state().ready


def test_a_room_moves_to_another_path_of_a_lab_that_is_up(one: Opening, done: list[str]) -> None:
    with pytest.raises(LabStateError, match="is not open"):
        one.move_room("/t/green")
    open_(one)
    one.move_room("/t/green")
    assert done[-1] == f"room {LAB} /t/green"
