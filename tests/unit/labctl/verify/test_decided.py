from __future__ import annotations

from labctl.model.signal import entry, metric
from labctl.model.vocabulary import Component, Mechanism, Trigger
from labctl.verify.decided import gaps, looked
from tests.support.example_fault import CPU, EXAMPLE, QUEUE

CHANGE = entry(Component.RISK, "DB_POOL_MAX", Component.RISK, Trigger.CONFIGURATION_CHANGE)
WAITS = metric(Component.RISK, QUEUE, Mechanism.POOL_TOO_SMALL)
VAGUE = metric(Component.PAYMENTS, CPU)
ALSO_VAGUE = metric(Component.GATEWAY, CPU)


def test_two_independent_signals_that_rule_out_every_near_miss_are_enough() -> None:
    assert gaps(EXAMPLE, [CHANGE, WAITS]) == []


def test_one_signal_is_not_enough_however_much_it_tells() -> None:
    assert gaps(EXAMPLE, [CHANGE]) == ["no two independent signals decide: risk: a change with /DB_POOL_MAX/"]
    assert gaps(EXAMPLE, [])[0] == "no two independent signals decide: none does"


def test_every_near_miss_has_to_be_ruled_out() -> None:
    assert gaps(EXAMPLE, [VAGUE, ALSO_VAGUE]) == [
        "no signal that decides speaks against postgres / dependency-degradation / slow-dependency"
    ]


def test_what_a_signal_showed_has_its_words() -> None:
    found = looked(CHANGE, True, 0.0, 1.0, "count")
    assert (found.kind, found.place, found.tells) == ("change", "risk", ("configuration-change", "risk"))
