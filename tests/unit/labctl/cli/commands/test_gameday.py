from __future__ import annotations

import json
from pathlib import Path

import pytest

from labctl.actions import processes
from labctl.base.errors import InputError, NotFoundError
from labctl.cli.commands import gameday
from labctl.gameday import plan as plans
from labctl.gameday import status
from labctl.gameday.store import DayStore
from tests.support.hub_world import PLAN, make_store
from tests.support.schemas import validate

Said = pytest.CaptureFixture[str]


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> DayStore:
    monkeypatch.setattr(status, "answers", lambda _store, _plan: True)
    monkeypatch.setattr(processes, "ensure", lambda _name, _kind: True)
    found = make_store(plans.read(PLAN, "plan"))
    found.labs.ready("day-blue", 9000)
    return found


def test_a_plan_is_written_once_and_can_be_read(tmp_path: Path, capsys: Said) -> None:
    file = tmp_path / "plan.yaml"
    gameday.new(file, title="A day: ours", teams="red, blue", url="http://192.168.1.20:8080")
    assert "labctl gameday up" in capsys.readouterr().out
    plan = plans.load(file)
    assert (plan.title, [each.name for each in plan.teams]) == ("A day: ours", ["red", "blue"])
    assert plan.hub.address == "http://192.168.1.20:8080"
    assert "bind: 0.0.0.0" in file.read_text()
    with pytest.raises(InputError, match="is there already"):
        gameday.new(file)


def test_it_shows_where_a_game_day_is(store: DayStore, capsys: Said) -> None:
    gameday.status_()
    said = capsys.readouterr()
    assert store.sessions.code("blue") in said.out
    assert "day-green (not up)" in said.out
    gameday.status_(as_json=True)
    answer = json.loads(capsys.readouterr().out)
    validate(answer)
    assert answer["instructor"].endswith(store.sessions.code(""))


def test_a_link_that_got_about_is_replaced(store: DayStore, capsys: Said) -> None:
    code, token = store.sessions.code("blue"), store.sessions.begin(store.people.join("blue", "Ada"))
    other = store.sessions.begin(store.people.join("green", "Zoe"))
    gameday.renew("blue")
    said = capsys.readouterr().out
    assert code not in said
    assert store.sessions.caller(token) is None
    assert store.sessions.caller(other) is not None
    mine = store.sessions.begin(None)
    gameday.renew("instructor")
    assert store.sessions.caller(mine) is None
    assert store.sessions.caller(other) is not None
    with pytest.raises(NotFoundError, match="no team named"):
        gameday.renew("blu")


def test_what_is_exported_is_said(store: DayStore, tmp_path: Path, capsys: Said) -> None:
    gameday.export(to=tmp_path / "out")
    assert "results.csv" in capsys.readouterr().out
    assert (tmp_path / "out" / "gameday.db").is_file()


def test_without_a_game_day_there_is_nothing_to_end_and_nothing_to_show(capsys: Said) -> None:
    gameday.down()
    assert "nothing to remove" in capsys.readouterr().out
    with pytest.raises(NotFoundError):
        gameday.status_()


def test_one_of_several_has_to_be_named(store: DayStore) -> None:
    other = DayStore("other")
    other.prepare()
    with pytest.raises(InputError, match="several game days"):
        gameday.status_()
