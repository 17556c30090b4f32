from __future__ import annotations

from labctl.model.meanings import MEANINGS
from labctl.model.vocabulary import Component, Impact, Mechanism, Trigger


def test_every_word_has_a_meaning_of_its_own_that_fits_a_line() -> None:
    words = [*Component, *Trigger, *Mechanism, *Impact]
    assert set(MEANINGS) == set(words)
    assert len(MEANINGS) == len(words)
    assert len(set(MEANINGS.values())) == len(words)
    assert all(0 < len(text) <= 80 for text in MEANINGS.values())
