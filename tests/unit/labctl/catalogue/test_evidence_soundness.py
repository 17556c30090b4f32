from __future__ import annotations

import pytest

from labctl.catalogue.evidence_soundness import problems
from labctl.model.signal import Signal, entry, lines, metric
from labctl.model.vocabulary import Component, Mechanism, Trigger
from tests.support.example_fault import CPU, QUEUE, example

CHANGE = entry(Component.RISK, "DB_POOL_MAX", Component.RISK, Trigger.CONFIGURATION_CHANGE)
WAITS = metric(Component.RISK, QUEUE, Mechanism.POOL_TOO_SMALL)
LINES = lines(Component.RISK, "no connection", Component.RISK)


def said(*signals: Signal) -> list[str]:
    return [str(each) for each in problems(example(evidence=signals))]


def test_three_signals_of_two_kinds_are_sound_and_none_at_all_are_not_looked_at() -> None:
    assert said(CHANGE, WAITS, LINES) == said() == []


@pytest.mark.parametrize(
    ("signals", "problem"),
    [
        ((CHANGE, WAITS), "evidence: fewer than 3 signals"),
        ((WAITS, metric(Component.RISK, CPU, Component.RISK)), "evidence: the signals are of fewer than 2 kinds"),
        ((CHANGE, WAITS, CHANGE), "evidence[2]: the signal 'risk: a change with /DB_POOL_MAX/' is there twice"),
        ((CHANGE, WAITS, lines(Component.RISK, "(", Component.RISK)), "evidence[2]: '(' is no regular expression"),
        ((CHANGE, WAITS, lines(Component.RISK, "", Component.RISK)), "evidence[2]: the pattern is empty"),
        ((CHANGE, WAITS, lines(Component.RISK, "x")), "evidence[2]: the signal tells nothing"),
        (
            (CHANGE, WAITS, lines(Component.RISK, "x", Component.REDIS)),
            "evidence[2]: the signal tells 'redis', which is in no right answer",
        ),
        (
            (lines(Component.RISK, "x", Trigger.CONFIGURATION_CHANGE),) * 3,
            "evidence: the signals are of fewer than 2 kinds",
        ),
    ],
)
def test_what_is_not_sound_is_said(signals: tuple[Signal, ...], problem: str) -> None:
    assert any(each.startswith(problem) for each in said(*signals)), said(*signals)


def test_every_near_miss_needs_a_signal_against_it() -> None:
    vague = (lines(Component.RISK, "a"), metric(Component.RISK, QUEUE), metric(Component.RISK, CPU))
    assert "evidence: no signal speaks against near_misses[0]" in said(*vague)
