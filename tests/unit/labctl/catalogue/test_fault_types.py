from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labctl.catalogue.fault_types import mistyped
from labctl.model.fault import Fault
from labctl.model.probe import Probe, at_least
from tests.support.catalogue import FAULTS
from tests.support.example_fault import EXAMPLE, QUEUE, example


async def _later(lab: object) -> None:
    del lab


def wrong(**changed: Any) -> dict[str, str]:
    return dict(mistyped(example(**changed)))


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
        ({"inject": lambda: None}, "inject", "does not take one argument, the lab"),
        ({"inject": _later}, "inject", "does nothing when it is called"),
    ],
)
def test_what_is_wrong_is_said_by_field(changed: dict[str, Any], field: str, said: str) -> None:
    assert said in wrong(**changed)[field]


@settings(deadline=None)
@given(st.sampled_from([field.name for field in fields(Fault)]), st.sampled_from([3.5j, [], {}, b"", object()]))
def test_no_field_takes_just_anything(name: str, value: object) -> None:
    assert name in wrong(**{name: value})
