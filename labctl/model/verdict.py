"""Grading: what a learner answers, whether it is the root cause, and what it earns. Pure.

A hundred points: 70 for the root cause (component, trigger and mechanism, all three or nothing), 15 for the impact
(each right one earns its share, each wrong one loses a share; words that differ only in degree have one share), 15 for
evidence (7.5 for each of the first two pieces that count). Every wrong submission before the right one takes
WRONG_POINTS and adds WRONG_PENALTY_S to the clock; MAX_WRONG of them lock the incident, which then earns nothing.
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
WRONG_POINTS = 10.0
WRONG_PENALTY_S = 300.0
MAX_WRONG = 5

DEGREES = (
    frozenset({Impact.CHECKOUT_ERRORS, Impact.CHECKOUT_OUTAGE, Impact.EVERYTHING_FAILS}),
    frozenset({Impact.CHECKOUT_SLOW, Impact.EVERYTHING_SLOW}),
)
"""Words for one effect in its degrees. A fault may pass through several; any of them that is true names the effect."""

Word = TypeVar("Word", bound=StrEnum)


class Finding(StrEnum):
    """What became of a piece of evidence when it was looked up again."""

    COUNTS = "counts"
    UNMOVED = "does not differ measurably"
    MOVED = "differs, where calm was to be shown"
    ELSEWHERE = "is no part of what happened"
    SYMPTOM = "only repeats what the page said"


@dataclass(frozen=True)
class Answer:
    """What a learner submits; evidence is judged apart."""

    root_cause: RootCause
    impact: frozenset[Impact]


@dataclass(frozen=True)
class Score:
    """The points of an answer's three parts, and what the wrong answers before it cost."""

    root_cause: float
    impact: float
    evidence: float
    lost: float = 0.0

    @property
    def total(self) -> float:
        """0 to 100."""
        return max(0.0, self.root_cause + self.impact + self.evidence - self.lost)


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


def score(fault: Fault, answer: Answer, evidence_that_counts: int, wrong: int = 0) -> Score:
    """Return what an answer earns after so many wrong ones; nothing unless it is the root cause."""
    if not is_root_cause(fault, answer):
        return NOTHING_EARNED
    share = min(evidence_that_counts, EVIDENCE_FOR_FULL_POINTS) / EVIDENCE_FOR_FULL_POINTS
    return Score(ROOT_CAUSE_POINTS, impact_points(fault, answer), EVIDENCE_POINTS * share, WRONG_POINTS * wrong)


def impact_points(fault: Fault, answer: Answer) -> float:
    """Return what the named impacts earn: a share for each effect that is rightly named, less one a wrong word."""
    right, wrong = len(_effects(answer.impact & fault.impact)), len(answer.impact - fault.impact)
    return round(IMPACT_POINTS * max(0, right - wrong) / len(_effects(fault.impact)), 1)


def _effects(impact: Iterable[Impact]) -> set[frozenset[Impact]]:
    """Return the effects that these words are about."""
    return {next((degrees for degrees in DEGREES if each in degrees), frozenset({each})) for each in impact}
