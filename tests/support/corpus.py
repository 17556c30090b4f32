"""Answers to a fault, in the words that a learner types."""

from __future__ import annotations

from labctl.fault import Fault
from labctl.verdict import is_root_cause, parse_answer


def judged(fault: Fault, words: str) -> bool:
    """Whether "COMPONENT TRIGGER MECHANISM" is graded right."""
    component, trigger, mechanism = words.split()
    return is_root_cause(fault, parse_answer(component, trigger, mechanism, ["no-user-impact"]))
