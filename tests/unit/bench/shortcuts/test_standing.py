from collections.abc import Sequence
from typing import Any, cast

import pytest

from bench.shortcuts import standing
from bench.shortcuts.learner import Learner
from labctl.lab.lab import Lab


class FakeLearner:
    lab = "lab"

    def __init__(self) -> None:
        self.asked: list[Sequence[str]] = []

    def ask(self, *words: str) -> dict[str, Any]:
        self.asked.append(words)
        return {}


@pytest.fixture
def learner(monkeypatch: pytest.MonkeyPatch) -> FakeLearner:
    monkeypatch.setattr(Lab, "open", lambda name: f"the lab {name}")
    return FakeLearner()


def test_colleagues_work_in_the_lab_and_it_goes_at_the_end(learner: FakeLearner) -> None:
    with standing.standing(cast(Learner, learner), 20) as lab:
        assert lab == "the lab lab"
        assert learner.asked[-1] == ("up", "--rps", "20", "--seed", "1")
    assert learner.asked[0] == learner.asked[-1] == ("down",)


def test_it_goes_after_an_error_too(learner: FakeLearner) -> None:
    with pytest.raises(KeyboardInterrupt), standing.standing(cast(Learner, learner), 20):
        raise KeyboardInterrupt
    assert learner.asked[-1] == ("down",)
