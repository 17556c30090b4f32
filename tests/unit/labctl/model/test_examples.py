from __future__ import annotations

from labctl.model.examples import EXAMPLES
from labctl.model.meanings import MEANINGS
from labctl.model.vocabulary import Component, Impact, Mechanism, Trigger


def test_every_word_has_an_example_of_its_own_that_fits_a_line() -> None:
    words = [*Component, *Trigger, *Mechanism, *Impact]
    assert set(EXAMPLES) == set(words)
    assert len(set(EXAMPLES.values())) == len(words)
    assert all(0 < len(text) <= 80 for text in EXAMPLES.values())


def test_an_example_says_more_than_the_meaning() -> None:
    assert not set(EXAMPLES.values()) & set(MEANINGS.values())
