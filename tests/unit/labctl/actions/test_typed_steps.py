from __future__ import annotations

import pytest

from labctl.actions.typed_steps import STEPS, step_of
from labctl.base.errors import InputError, NotFoundError
from labctl.model.mitigation import VERBS, Restart, Scale


def test_every_verb_of_the_catalogue_can_be_typed() -> None:
    assert list(STEPS) == [each.verb for each in VERBS]


def test_a_step_is_what_its_words_mean() -> None:
    assert step_of("restart", ["risk"]) == Restart("risk")
    assert step_of("sca", ["ris", "cpu=2"]) == Scale("risk", "cpu", 2)


@pytest.mark.parametrize(("verb", "words"), [("restart", []), ("shed", ["most"]), ("shed", ["7"]), ("flag", ["x"])])
def test_what_it_does_not_take_is_refused(verb: str, words: list[str]) -> None:
    with pytest.raises(InputError):
        step_of(verb, words)


def test_no_such_step() -> None:
    with pytest.raises(NotFoundError):
        step_of("pray", ["risk"])
