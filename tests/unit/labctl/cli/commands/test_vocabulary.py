from __future__ import annotations

import json

import pytest

from labctl.base.errors import NotFoundError
from labctl.cli.commands.vocabulary import vocabulary
from labctl.model.vocabulary import Component, Impact, Mechanism, Trigger


def test_every_word_is_listed_with_its_meaning(capsys: pytest.CaptureFixture[str]) -> None:
    vocabulary()
    lines = capsys.readouterr().out.splitlines()
    for word in (*Component, *Trigger, *Mechanism, *Impact):
        assert any(line.split()[:1] == [str(word)] and len(line.split()) > 2 for line in lines), word


def test_one_part_by_its_beginning(capsys: pytest.CaptureFixture[str]) -> None:
    vocabulary("trig")
    out = capsys.readouterr().out
    assert "code-release" in out
    assert "acquirer" not in out


def test_no_such_part() -> None:
    with pytest.raises(NotFoundError, match="no part named 'verbs'"):
        vocabulary("verbs")


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    vocabulary(as_json=True)
    answer = json.loads(capsys.readouterr().out)
    assert answer["schema"] == "labctl.vocabulary/1"
    assert [each["word"] for each in answer["impacts"]] == [str(word) for word in Impact]
    assert all(each["meaning"] and each["example"] for part in ("components", "mechanisms") for each in answer[part])


def test_a_narrow_terminal_spares_the_examples_first(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "70")
    vocabulary("triggers")
    out = capsys.readouterr().out
    assert "MEANING" in out
    assert "EXAMPLE" not in out
