from __future__ import annotations

import pytest

from labctl.model.probe import Probe, at_least
from labctl.model.signal import Signal, entry, independent, lines, metric, rows, spans, speaks_against
from labctl.model.vocabulary import Component, Mechanism, Trigger

PROBE = Probe("risk: misses", "misses", at_least(1))
CHANGE = entry(Component.RISK, "TTL", Component.RISK, Trigger.CONFIGURATION_CHANGE)


@pytest.mark.parametrize(
    ("words", "against"),
    [
        ((Component.RISK, Trigger.CONFIGURATION_CHANGE, Mechanism.STALE_CACHE), False),
        ((Component.RISK, Trigger.CODE_RELEASE, Mechanism.STALE_CACHE), True),
        ((Component.REDIS, Trigger.CONFIGURATION_CHANGE, Mechanism.STALE_CACHE), True),
    ],
)
def test_a_signal_speaks_against_what_contradicts_it(
    words: tuple[Component, Trigger, Mechanism], against: bool
) -> None:
    assert speaks_against(CHANGE, words) == against


def test_each_of_several_words_for_the_same_may_be_right() -> None:
    signal = metric(Component.RISK, PROBE, Component.RISK, Component.LINK_RISK_REDIS)
    assert not speaks_against(signal, (Component.LINK_RISK_REDIS, Trigger.NOTHING, Mechanism.OVERLOAD))
    assert speaks_against(signal, (Component.REDIS, Trigger.NOTHING, Mechanism.OVERLOAD))


def test_two_signals_of_one_kind_and_one_place_are_one_source() -> None:
    one, other = metric(Component.RISK, PROBE), metric(Component.RISK, Probe("risk: CPU", "cpu", at_least(1)))
    assert not independent(one, other)
    assert independent(one, CHANGE)
    assert independent(one, metric(Component.PAYMENTS, PROBE))


def test_a_signal_has_a_name() -> None:
    found: list[Signal] = [
        metric(Component.RISK, PROBE),
        CHANGE,
        lines(Component.RISK, "x"),
        spans(Component.RISK, "GET", min_ms=5, failed=True),
    ]
    assert [each.name for each in (*found, rows(Component.POSTGRES, PROBE))] == [
        "risk: misses",
        "risk: a change with /TTL/",
        "risk: lines with /x/",
        "risk: spans GET over 5 ms failed",
        "risk: misses",
    ]
