from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labctl.catalogue.fault_types import mistyped
from labctl.model.draw import Draw, Range
from labctl.model.fault import Fault
from labctl.model.probe import Probe, at_least
from tests.support.catalogue import FAULTS
from tests.support.example_fault import EXAMPLE, QUEUE, example


async def _later(lab: object) -> None:
    del lab


def wrong(**changed: Any) -> dict[str, str]:
    return dict(mistyped(example(**changed)))


RANGE = Range("how long it waits", ("30", "35"), "ms")


@pytest.mark.parametrize("fault", [EXAMPLE, *FAULTS], ids=lambda fault: fault.id)
def test_what_is_right(fault: Fault) -> None:
    assert list(mistyped(fault)) == []


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"category": "code"}, "category", "holds a str, expected a Category"),
        ({"must_move": QUEUE}, "must_move", "holds a Probe, expected a tuple of Probe"),
        ({"impact": {"some-checkouts-fail"}}, "impact", "holds a set, expected a frozenset of Impact"),
        ({"difficulty": True}, "difficulty", "holds a bool, expected an int"),
        ({"symptom": None}, "symptom", "holds nothing, expected a Probe"),
        ({"chain": (EXAMPLE.chain[0], QUEUE)}, "chain[1]", "holds a Probe, expected a Link"),
        ({"must_move": (Probe("a", "b", "c"),)}, "must_move[0].tolerance", "holds a str, expected a Tolerance"),  # type: ignore[arg-type]
        ({"must_move": (Probe("a", "b", at_least("1")),)}, "must_move[0].tolerance.low", "expected a float"),  # type: ignore[arg-type]
        ({"inject": "kill"}, "inject", "expected a function"),
        ({"inject": lambda: None}, "inject", "takes neither a lab and a draw"),
        ({"varies": (RANGE,)}, "inject", "takes a lab alone, as though nothing varied"),
        ({"varies": ("RANGE",)}, "varies[0]", "holds a str, expected a Range"),
        ({"inject": _later}, "inject", "does nothing when it is called"),
    ],
)
def test_what_is_wrong_is_said_by_field(changed: dict[str, Any], field: str, said: str) -> None:
    assert said in wrong(**changed)[field]


def test_a_fault_may_take_a_draw_or_the_lab_alone() -> None:
    def drawn(lab: object, draw: Draw) -> None:
        del lab, draw

    assert wrong(inject=drawn, varies=(RANGE,)) == {}
    assert wrong(inject=lambda _lab: None) == {}


@settings(deadline=None)
@given(st.sampled_from([field.name for field in fields(Fault)]), st.sampled_from([3.5j, [], {}, b"", object()]))
def test_no_field_takes_just_anything(name: str, value: object) -> None:
    assert name in wrong(**{name: value})
