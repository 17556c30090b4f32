from __future__ import annotations

from collections.abc import Sequence

import pytest

from labctl.actions import mitigate
from labctl.base.errors import InputError
from labctl.cli.agents.mitigation import Mitigation
from labctl.model.mitigation import Block, Flag, Park, Rollback, Scale, Shed, Step

TAKEN: dict[tuple[str, ...], Step] = {
    ("rollback", "risk"): Rollback("risk"),
    ("scale", "risk", "cpu=2"): Scale("risk", "cpu", 2),
    ("flag", "issuer-signals", "off"): Flag("issuer-signals", "off"),
    ("shed", "0.2"): Shed(0.2),
    ("block", "merchant", "7"): Block("merchant", "7"),
    ("park",): Park(),
    ("park", "1-0"): Park("1-0"),
}
TOO_FEW = [("rollback",), ("scale", "risk"), ("flag", "issuer-signals"), ("shed",), ("block", "merchant"), ("undo",)]


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What was done."""
    made: list[object] = []
    monkeypatch.setattr(mitigate, "take", lambda _lab, step: made.append(step))
    monkeypatch.setattr(mitigate, "undo", lambda _lab, number: made.append(number))
    return made


def ask(words: Sequence[str]) -> None:
    Mitigation("lab").mitigate(words[0], list(words[1:]))


@pytest.mark.parametrize("words", TAKEN, ids=" ".join)
def test_a_step_is_taken_as_it_is_typed(done: list[object], words: Sequence[str]) -> None:
    ask(words)
    assert done == [TAKEN[tuple(words)]]


def test_a_step_is_undone_by_its_number(done: list[object]) -> None:
    ask(["undo", "3"])
    assert done == [3]


@pytest.mark.parametrize("words", [*((*each, "more") for each in TAKEN if each != ("park",)), *TOO_FEW], ids=" ".join)
def test_more_or_fewer_arguments_than_a_step_takes_do_nothing(done: list[object], words: Sequence[str]) -> None:
    with pytest.raises(InputError, match=f"{words[0]} does not take"):
        ask(words)
    assert done == []


@pytest.mark.parametrize(
    "words",
    [("undo", "3", "4"), ("undo", "x"), ("shed", "much"), ("shed", "2"), ("shed", "nan"), ("scale", "risk", "a=b")],
)
def test_what_is_no_number_does_nothing(done: list[object], words: Sequence[str]) -> None:
    with pytest.raises(InputError):
        ask(words)
    assert done == []


def test_what_goes_wrong_in_a_step_is_no_fault_of_its_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_lab: str, _step: Step) -> None:
        raise ValueError("a bug")

    monkeypatch.setattr(mitigate, "take", fail)
    with pytest.raises(ValueError, match="a bug"):
        ask(["park"])
