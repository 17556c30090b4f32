import re
from typing import Any

import pytest

from labctl.catalogue.soundness import adjacent, problems
from labctl.model.draw import Range
from labctl.model.fault import Link, Load, RootCause, near_miss
from labctl.model.probe import Probe, Tolerance, at_least, between
from labctl.model.vocabulary import Component, Mechanism, Trigger
from tests.support.example_fault import CAUSE, CPU, ERRORS, EXAMPLE, QUEUE, example


class TestAdjacent:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            (Component.RISK, Component.RISK),
            (Component.RISK, Component.POSTGRES),
            (Component.CLIENTS, Component.GATEWAY),
            (Component.JOBS, Component.POSTGRES),
            (Component.LINK_RISK_REDIS, Component.RISK),
            (Component.LINK_RISK_REDIS, Component.LINK_PAYMENTS_RISK),
        ],
    )
    def test_who_talks_to_whom(self, one: Component, other: Component) -> None:
        assert adjacent(one, other)
        assert adjacent(other, one)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            (Component.GATEWAY, Component.RISK),
            (Component.CLIENTS, Component.POSTGRES),
            (Component.LINK_RISK_REDIS, Component.GATEWAY),
        ],
    )
    def test_who_does_not(self, one: Component, other: Component) -> None:
        assert not adjacent(one, other)


def test_the_example_holds_together() -> None:
    assert problems(EXAMPLE) == []


SKIPPED = (EXAMPLE.chain[0], EXAMPLE.chain[-1])
ELSEWHERE = RootCause(Component.LEDGER, Trigger.BAD_DATA, Mechanism.POISON_MESSAGE)


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"story": " "}, "the story is missing"),
        ({"id": "Example"}, "the id is not in lower-case-with-dashes"),
        ({"varies": (Range("size", ("1",)),)}, "it takes two different values, each once, to vary: size"),
        ({"varies": (Range("size", ("1", "1")),)}, "it takes two different values, each once, to vary: size"),
        ({"varies": (Range("size", ("1", "2")), Range("size", ("3", "4")))}, "two ranges are of the same thing"),
        ({"difficulty": 6}, "no difficulty from 1 to 5"),
        ({"chain": ()}, "the chain has fewer than two links"),
        ({"chain": EXAMPLE.chain[:-1]}, "the chain does not end with the symptom"),
        ({"root_cause": ELSEWHERE, "accepted": ()}, "the chain does not begin at the root cause"),
        ({"chain": SKIPPED}, "the chain jumps from risk to clients"),
        ({"must_move": ()}, "no probe is given"),
        ({"must_not_move": ()}, "no probe is given"),
        ({"impact": frozenset()}, "no impact counts as right"),
        ({"blast_radius": frozenset()}, "the blast radius lacks clients, gateway, payments, risk"),
        ({"near_misses": ()}, "no near miss"),
        ({"near_misses": (near_miss(CAUSE.component, CAUSE.trigger, CAUSE.mechanism, "?"),)}, "counts as right"),
        ({"near_misses": EXAMPLE.near_misses * 2}, "the near miss is there twice"),
        ({"page_within_s": 0.0}, "the time to the page is no positive number"),
        ({"page_within_s": float("nan")}, "the time to the page is no positive number"),
        ({"load": Load(min_rps=-5.0)}, "the least load is no positive number"),
        ({"tracks": frozenset({"My Track"})}, "'My Track' is no name"),
        ({"chain": (Link(Component.RISK, " ", QUEUE), *EXAMPLE.chain[1:])}, "the link says nothing"),
        ({"must_not_move": (CPU, QUEUE)}, "probe 'risk: queue' must move as well"),
        ({"near_misses": (near_miss(Component.NONE, Trigger.NOTHING, Mechanism.DEADLOCK, ""),)}, "has no reason"),
        ({"must_not_move": (Probe("empty", " ", at_least(1)),)}, "probe 'empty' has no name or no query"),
        ({"must_not_move": (Probe(QUEUE.name, "other", at_least(1)),)}, "two probes are named 'risk: queue'"),
        ({"must_not_move": (Probe("any", "any", Tolerance()),)}, "probe 'any' tolerates everything"),
        ({"must_not_move": (Probe("odd", "odd", between(2, 1)),)}, "probe 'odd' can never hold"),
        ({"must_not_move": (Probe("odd", "odd", at_least(float("nan"))),)}, "probe 'odd' can never hold"),
    ],
)
def test_what_does_not_hold_together_is_said(changed: dict[str, Any], problem: str) -> None:
    field = next(iter(changed))
    found = problems(example(**changed))
    assert any(problem in each.what for each in found)
    assert all(str(each).startswith(f"{each.field}: ") for each in found)
    assert field in {re.sub(r"\W.*", "", each.field) for each in found} or field == "root_cause"


def test_a_link_that_stands_for_two_probes_is_one_problem() -> None:
    links = (Link(Component.RISK, "a", QUEUE), Link(Component.RISK, "b", CPU), *EXAMPLE.chain[1:-1])
    assert problems(example(chain=(*links, Link(Component.CLIENTS, "c", ERRORS)))) == []
