"""The closed vocabularies that an answer is made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from labctl.actions.answer import Answer
from labctl.actions.elsewhere import reachable
from labctl.model.examples import EXAMPLES
from labctl.model.meanings import MEANINGS
from labctl.model.vocabulary import Component, Impact, Mechanism, Trigger


@dataclass(frozen=True)
class Word:
    """One word, as `labctl submit` takes it, its meaning, and an example, which is of another system."""

    word: str
    meaning: str
    example: str


@dataclass(frozen=True)
class Vocabulary(Answer):
    """Every word that an answer can be made of: the same for all faults, most of which it does not describe."""

    schema: ClassVar[str] = "labctl.vocabulary/1"
    components: tuple[Word, ...]
    triggers: tuple[Word, ...]
    mechanisms: tuple[Word, ...]
    impacts: tuple[Word, ...]


@reachable
def vocabulary() -> Vocabulary:
    """Return the words of all four vocabularies."""
    return Vocabulary(_words(Component), _words(Trigger), _words(Mechanism), _words(Impact))


def _words(members: Iterable[StrEnum]) -> tuple[Word, ...]:
    return tuple(Word(str(each), MEANINGS[each], EXAMPLES[each]) for each in members)
