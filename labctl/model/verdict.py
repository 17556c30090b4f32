"""Grading: what a learner answers, whether it is the root cause, and what it earns. Pure.

A hundred points: 70 for the root cause (component, trigger and mechanism, all three or nothing), 15 for the impact
(at least one named, none of them wrong), 15 for evidence (7.5 for each of the first two pieces that hold). Every wrong
submission before the right one adds WRONG_PENALTY_S to the clock; MAX_WRONG of them lock the incident, which then earns
nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from labctl.base.errors import InputError
from labctl.base.words import matching
from labctl.model.fault import Fault, RootCause
from labctl.model.vocabulary import Component, Impact, Mechanism, Trigger

ROOT_CAUSE_POINTS = 70.0
IMPACT_POINTS = 15.0
EVIDENCE_POINTS = 15.0
EVIDENCE_FOR_FULL_POINTS = 2
WRONG_PENALTY_S = 300.0
MAX_WRONG = 5

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True)
class Answer:
    """What a learner submits; evidence is judged apart."""

    root_cause: RootCause
    impact: frozenset[Impact]


@dataclass(frozen=True)
class Score:
    """The points of an answer's three parts."""

    root_cause: float
    impact: float
    evidence: float

    @property
    def total(self) -> float:
        """0 to 100."""
        return self.root_cause + self.impact + self.evidence


NOTHING_EARNED = Score(0.0, 0.0, 0.0)


def parse_answer(component: str, trigger: str, mechanism: str, impact: Iterable[str]) -> Answer:
    """Return the answer that these words state. Raises NotFoundError with the nearest word, InputError."""
    root_cause = RootCause(word(Component, component), word(Trigger, trigger), word(Mechanism, mechanism))
    named = frozenset(word(Impact, each) for each in impact)
    if not named:
        raise InputError("no impact was given", expected="at least one: who feels it, and how", todo="add --impact")
    return Answer(root_cause, named)


def word(vocabulary: type[Word], text: str) -> Word:
    """Return the vocabulary's member that `text` means: the whole word, or a beginning that only one word has."""
    kind, known = vocabulary.__name__.lower(), [str(member) for member in vocabulary]
    return vocabulary(matching(kind, text, known, todo=f"`labctl vocabulary {kind}s` lists the words"))


def is_root_cause(fault: Fault, answer: Answer) -> bool:
    """Right or wrong, never which part."""
    return fault.explains(answer.root_cause)


def score(fault: Fault, answer: Answer, evidence_that_differs: int) -> Score:
    """Return what an answer earns; nothing unless it is the root cause."""
    if not is_root_cause(fault, answer):
        return NOTHING_EARNED
    impact_right = bool(answer.impact) and answer.impact <= fault.impact
    share = min(evidence_that_differs, EVIDENCE_FOR_FULL_POINTS) / EVIDENCE_FOR_FULL_POINTS
    return Score(ROOT_CAUSE_POINTS, IMPACT_POINTS if impact_right else 0.0, EVIDENCE_POINTS * share)
