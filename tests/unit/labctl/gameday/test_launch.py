"""Starting and ending a game day: labs and processes are noted, and nothing of them is real."""

from __future__ import annotations

from pathlib import Path

import pytest

from labctl.actions import processes, room
from labctl.actions.host_resources import HostResources
from labctl.base.errors import EngineError, HostError, LabStateError
from labctl.gameday import ending, exporting, launch, status
from labctl.gameday.model import DayState
from labctl.gameday.store import DayStore, names

TEXT = """title: A day
name: day
teams: [{name: blue}, {name: green}]
drill: first-hour
spares: 1
hub: {port: 18999}
"""


class World:
    def __init__(self) -> None:
        self.done: list[str] = []
        self.fails_at = ""
        self.running: set[str] = set()

    def do(self, what: str) -> None:
        if what == self.fails_at:
            raise EngineError(f"killed at {what}")
        self.done.append(what)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = World()

    def start(_name: str, kind: object) -> bool:
        made.do(f"start {kind.name}")  # type: ignore[attr-defined]
        made.running.add(kind.name)  # type: ignore[attr-defined]
        return True

    monkeypatch.setattr(launch, "up", lambda lab, _options: made.do(f"up {lab}"))
    monkeypatch.setattr(room, "open_behind", lambda lab, prefix, _front: made.do(f"room {lab} {prefix}") or 9000)
    monkeypatch.setattr(launch, "host_resources", lambda: HostResources(8, 32 * 2**30))
    monkeypatch.setattr(processes, "ensure", start)
    monkeypatch.setattr(processes, "end", lambda _name, kind: made.do(f"end {kind.name}"))
    monkeypatch.setattr(ending, "down", lambda lab: made.do(f"down {lab}"))
    monkeypatch.setattr(status, "answers", lambda _store, _plan: True)
    return made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "plan.yaml"
    path.write_text(TEXT)
    return path


def test_labs_come_up_one_by_one_then_the_hub(world: World, file: Path) -> None:
    day = launch.begin(file)
    assert [each for each in world.done if each.startswith("up")] == ["up day-blue", "up day-green", "up day-1"]
    assert "room day-blue /t/blue" in world.done
    assert "room day-1 /t/-" in world.done
    assert world.done[-2:] == ["start hub", "start keeper"]
    assert (day.state, day.spares) == ("running", ("day-1",))
    links = {each.link for each in day.teams} | {day.instructor}
    assert len(links) == 3
    sheet = day.sheet.read_text()
    assert all(each in sheet for each in links)
    assert day.sheet.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("step", ["up day-blue", "room day-blue /t/blue", "up day-green", "up day-1", "start hub"])
def test_one_that_was_killed_goes_on_with_the_same_links(world: World, file: Path, step: str) -> None:
    world.fails_at = step
    with pytest.raises(EngineError):
        launch.begin(file)
    before = status.status(DayStore.open("day"))
    world.fails_at = ""
    after = launch.begin(file)
    assert after.instructor == before.instructor
    assert [each.link for each in after.teams] == [each.link for each in before.teams]
    assert after.state == "running"


def test_it_begins_with_one_plan(world: World, file: Path) -> None:
    launch.begin(file)
    launch.begin(file)
    file.write_text(TEXT.replace("green", "red"))
    with pytest.raises(LabStateError, match="began with another plan"):
        launch.begin(file)


def test_what_does_not_fit_starts_nothing(world: World, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "host_resources", lambda: HostResources(2, 2**30))
    with pytest.raises(HostError, match="3 labs do not fit"):
        launch.begin(file)
    assert world.done == []
    assert names() == []


def test_down_exports_then_removes_everything(world: World, file: Path) -> None:
    launch.begin(file)
    world.done.clear()
    ended = ending.end("day")
    assert world.done == ["end keeper", "end hub", "down day-blue", "down day-green", "down day-1"]
    assert ended.exported is not None
    assert (ended.exported / "gameday.db").is_file()
    assert names() == []
    assert not ending.end("day").removed


def test_an_export_that_fails_removes_nothing(world: World, file: Path, tmp_path: Path) -> None:
    launch.begin(file)
    world.done.clear()
    (tmp_path / "full").write_text("a file, where a folder should be")
    with pytest.raises(HostError, match="cannot"):
        ending.end("day", tmp_path / "full" / "results")
    assert world.done == []
    assert DayStore.open("day").state is DayState.RUNNING


@pytest.mark.parametrize("step", ["end keeper", "end hub", "down day-blue", "down day-green", "down day-1"])
def test_a_down_that_was_killed_goes_on_with_what_it_has_exported(
    world: World, file: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    launch.begin(file)
    world.fails_at = step
    with pytest.raises(EngineError):
        ending.end("day")
    with pytest.raises(LabStateError, match="is being taken down"):
        launch.begin(file)
    world.fails_at = ""
    monkeypatch.setattr(exporting, "usual", lambda _name: pytest.fail("it was exported already"))
    ended = ending.end("day")
    assert ended.exported is not None
    assert (ended.exported / "results.json").is_file()
    assert names() == []
