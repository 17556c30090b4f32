from __future__ import annotations

import inspect
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.base import errors


def test_the_tree_in_the_docstring_is_the_tree_in_the_code() -> None:
    drawn = dict(re.findall(r"(\w+Error)\s+exit (\d+)", errors.__doc__ or ""))
    classes = {
        name: str(kind.exit_code)
        for name, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, errors.LabctlError)
    }
    assert drawn == classes


@pytest.mark.parametrize(("typed", "near"), [("risk-cache-ttl-cutt", "risk-cache-ttl-cut"), ("zzzz", None)])
def test_a_wrong_name_is_told_the_nearest_right_one(typed: str, near: str | None) -> None:
    error = errors.NotFoundError("fault", typed, ["risk-cache-ttl-cut", "whale-merchant"])
    assert error.near == near
    assert typed in error.what
    assert (near or "risk-cache-ttl-cut, whale-merchant") in error.expected


def test_nothing_known_is_said_too() -> None:
    assert errors.NotFoundError("lab", "x", []).expected == "known: none"


@given(st.text(), st.lists(st.text()))
def test_any_name_makes_an_error_not_a_crash(name: str, known: list[str]) -> None:
    error = errors.NotFoundError("lab", name, known)
    assert error.near is None or error.near in known
