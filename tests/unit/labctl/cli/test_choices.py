from contextlib import suppress

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from labctl.base.errors import InputError, NotFoundError
from labctl.cli import choices
from labctl.model.vocabulary import Category

WORDS = [str(word) for word in Category]


@pytest.fixture
def typing(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the learner types, line by line."""
    lines: list[str] = []
    monkeypatch.setattr(typer, "prompt", lambda *_args, **_options: lines.pop(0))
    return lines


@pytest.mark.parametrize(
    ("typed", "chosen"),
    [
        ("1", ["code"]),
        ("data", ["data"]),
        ("1, 3", ["code", "infrastructure"]),
        ("Data 2", ["data"]),
        ("", []),
        ("code dat", ["code", "data"]),
    ],
)
def test_pick(typed: str, chosen: list[str]) -> None:
    assert choices.pick(typed, WORDS) == chosen


@pytest.mark.parametrize("typed", ["0", "6", "-1", "code dta", "d"])
def test_what_means_no_word_is_refused(typed: str) -> None:
    with pytest.raises((InputError, NotFoundError)):
        choices.pick(typed, WORDS)


@given(st.text())
def test_whatever_is_typed_yields_words_or_is_refused(typed: str) -> None:
    with suppress(InputError, NotFoundError):
        assert set(choices.pick(typed, WORDS)) <= set(WORDS)


def test_what_means_no_word_is_asked_again_with_the_candidates(
    typing: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    typing.extend(["d", "dta", "data"])
    assert choices.one("Which?", Category) == "data"
    said = capsys.readouterr().err
    assert "one of: data, downstream" in said
    assert "did you mean 'data'?" in said


def test_the_whole_vocabulary_is_shown_numbered(typing: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    typing.append("2")
    assert choices.one("Which?", Category) == "data"
    shown = capsys.readouterr().err
    assert all(f"{number}  {word}" in shown for number, word in enumerate(WORDS, start=1))


def test_asks_again_until_it_is_one(typing: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    typing.extend(["nonsense", "1 2", "3"])
    assert choices.one("Which?", Category) == "infrastructure"
    assert "choose one only" in capsys.readouterr().err


def test_several(typing: list[str]) -> None:
    typing.extend(["", "1 2"])
    assert choices.several("Which?", Category) == ["code", "data"]
