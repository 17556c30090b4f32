from __future__ import annotations

import webbrowser
from collections.abc import Callable

import pytest

from labctl.actions import incident, room, up
from labctl.actions.room import Room
from labctl.cli.commands import room as command
from tests.support.looking import Looking

OPENED = Room("lab", "http://127.0.0.1:21005/room/lab/enter?token=abc", 10, "http://127.0.0.1:21005/room/lab/", True)


@pytest.fixture(autouse=True)
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The labs whose rooms were opened."""
    names: list[str] = []

    def open_room(name: str) -> Room:
        names.append(name)
        return OPENED

    monkeypatch.setattr(room, "open_room", open_room)
    return names


def test_it_prints_the_way_in_alone(looking: Looking) -> None:
    shown = looking.run("room")
    assert shown.out == f"{OPENED.url}\n"
    assert "once, within 10 minutes" in shown.err


def test_as_json(looking: Looking) -> None:
    found = looking.run("room", "--json").json
    assert (found["schema"], found["address"], found["started"]) == ("labctl.room/1", OPENED.address, True)


def test_it_prints_how_to_log_in_from_a_terminal(looking: Looking) -> None:
    shown = looking.run("room", "--code")
    assert shown.out == f"labctl login {OPENED.address} abc\n"
    assert "once, within 10 minutes" in shown.err
    assert looking.run("room", "--close", "--code").code == 2


@pytest.mark.parametrize("works", [True, False])
def test_it_opens_a_browser_where_there_is_one(looking: Looking, monkeypatch: pytest.MonkeyPatch, works: bool) -> None:
    urls: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda url: urls.append(url) or works)
    shown = looking.run("room", "--open")
    assert urls == [OPENED.url]
    assert ("no browser could be started" in shown.err) is not works


def test_it_is_closed(looking: Looking) -> None:
    assert "has no open room" in looking.run("room", "--close").out
    looking.lab.store.room.open(21005)
    assert looking.run("room", "--close").out == "The room of 'lab' is closed.\n"
    assert looking.run("room", "--close", "--open").code == 2


@pytest.mark.parametrize(
    ("words", "module", "action"), [(("up", "--room"), up, "up"), (("break", "--room"), incident, "start")]
)
def test_up_and_break_open_it_too(  # noqa: PLR0917 - fixtures and parameters
    looking: Looking, monkeypatch: pytest.MonkeyPatch, opened: list[str], words: tuple[str, ...], module: object,
    action: str,
) -> None:  # fmt: skip
    said: list[str] = []
    monkeypatch.setattr(module, action, lambda *_, **__: None)
    monkeypatch.setattr(f"labctl.cli.commands.{'up.console.emit' if action == 'up' else 'break_.page_view.emit'}",
                        emitting(said))  # fmt: skip
    shown = looking.run(*words)
    assert opened == ["lab"]
    assert OPENED.url in shown.err
    assert shown.out == ""


def emitting(said: list[str]) -> Callable[..., None]:
    return lambda *_, **__: said.append("emitted")


def test_telling_is_no_part_of_an_answer(capsys: pytest.CaptureFixture[str]) -> None:
    command.tell("lab")
    assert capsys.readouterr().out == ""
