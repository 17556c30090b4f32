from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest

from labctl.actions.answer import Answer
from labctl.base.errors import HostError
from labctl.cli import console


@dataclass(frozen=True)
class Greeting(Answer):
    schema: ClassVar[str] = "labctl.greeting/1"
    path: Path


GREETING = Greeting(Path("/tmp/é"))


@pytest.fixture(autouse=True)
def _no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("COLUMNS", "FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(variable, raising=False)


def test_an_answer_is_one_json_document_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    console.emit(GREETING, lambda: console.show("for people"), as_json=True)
    captured = capsys.readouterr()
    assert json.loads(captured.out) == {"schema": "labctl.greeting/1", "path": "/tmp/é"}
    assert "é" in captured.out
    assert captured.err == ""


def test_people_get_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    console.emit(GREETING, lambda: console.show("[bold]as it is[/]"), as_json=False)
    assert capsys.readouterr().out == "[bold]as it is[/]\n"


def test_tables_are_not_broken_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    console.table(("A", "B"), [("x" * 60, "[y]" * 20), (None, 1)], title="Title")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines] == [["Title"], ["A", "B"], ["x" * 60, "[y]" * 20], ["-", "1"]]


def test_facts_stand_below_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    console.facts({"gateway": "http://127.0.0.1:1", "grafana": None})
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        ["gateway", "http://127.0.0.1:1"],
        ["grafana", "-"],
    ]


def test_notes_warnings_and_errors_leave_the_answer_alone(capsys: pytest.CaptureFixture[str]) -> None:
    console.note("a [note]")
    console.warn("a [warning]")
    console.error(HostError("it [failed]", expected="a [disk]", todo="buy [one]"))
    console.error(HostError("no more to say"))
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == [
        "a [note]",
        "warning: a [warning]",
        "error: it [failed]",
        "  expected: a [disk]",
        "  to do: buy [one]",
        "error: no more to say",
    ]


def test_long_messages_stay_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    console.note("word " * 100)
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_no_colour_where_none_is_wanted(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    console.warn("careful")
    assert "\x1b[33m" in capsys.readouterr().err
    monkeypatch.setenv("NO_COLOR", "1")
    console.warn("careful")
    assert "\x1b[33m" not in capsys.readouterr().err
