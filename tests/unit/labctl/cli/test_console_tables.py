"""Tables and lines of text from outside: nothing in them is markup, nothing controls the terminal."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.text import Text

from labctl.base.text import visible
from labctl.cli import console

WITH_CAPSYS = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)


@WITH_CAPSYS
@given(st.text(), st.text())
def test_any_text_is_shown_as_it_is(capsys: pytest.CaptureFixture[str], column: str, cell: str) -> None:
    capsys.readouterr()

    console.table((column, "END"), [(cell, "end")])

    header, row = capsys.readouterr().out.splitlines()
    assert header.startswith(visible(column).rstrip())
    assert row.startswith(visible(cell).rstrip())
    assert "\x1b" not in header + row


def test_markup_in_a_cell_is_text_and_rich_text_keeps_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    console.table(("A", "B"), [("[bold red]x[/]", Text("styled", style="red")), (None, "\\[")])

    assert [line.split() for line in capsys.readouterr().out.splitlines()[1:]] == [
        ["[bold", "red]x[/]", "styled"],
        ["-", "\\["],
    ]


def test_outside_a_terminal_no_row_is_broken(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)

    console.table(("A", "B"), [("x" * 400, "y" * 400)])
    console.lines([Text("z" * 900)])

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[1].split() == ["x" * 400, "y" * 400]
    assert lines[2] == "z" * 900


def test_facts_are_shown_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    console.facts({"[name]": "[red]\x1b[1m"})

    assert capsys.readouterr().out.split() == ["[name]", "[red]\\x1b[1m"]
