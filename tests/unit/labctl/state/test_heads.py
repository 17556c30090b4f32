from pathlib import Path

import pytest

from labctl.base import paths, progress
from labctl.base.progress import Event, Warned
from labctl.state import heads
from labctl.state.heads import Head

FIRST = "ab" * 32


def test_a_head_comes_back_and_is_outside_of_the_state(state_dir: Path) -> None:
    assert heads.recall(FIRST) is None
    heads.remember(FIRST, Head(3, "cd"))
    assert heads.recall(FIRST) == Head(3, "cd")
    assert not paths.heads_dir().is_relative_to(state_dir)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"number": "x", "hash": ""}', "\ud800"])
def test_a_spoiled_one_is_none(text: str) -> None:
    (paths.heads_dir() / f"{FIRST[:32]}.json").write_bytes(text.encode("utf-8", "surrogatepass"))
    assert heads.recall(FIRST) is None


def test_a_host_that_refuses_is_warned_of_and_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "heads_dir", lambda: tmp_path / "missing")
    heard: list[Event] = []
    with progress.listening(heard.append):
        heads.remember(FIRST, Head(3, "cd"))
    (warned,) = heard
    assert isinstance(warned, Warned)
    assert "may go unnoticed" in warned.text
