from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.base.errors import LookupFailedError
from labctl.lookups.promql_place import placed, position_in

SAID = 'Prometheus refused the query: invalid parameter "query": {}:{}: parse error: unexpected "}}"'


@pytest.mark.parametrize(
    ("query", "line", "column", "position"),
    [
        ("up{a=}", 1, 6, 6),
        ("sum(\nup{a=}\n)", 2, 6, 11),
        ('up{a="é"}}', 1, 11, 10),
        ("up", 1, 99, 3),
        ("up", 9, 1, None),
    ],
)
def test_the_place_is_a_character_of_the_query(query: str, line: int, column: int, position: int | None) -> None:
    assert position_in(SAID.format(line, column), query) == position


@given(st.text(), st.text(max_size=50), st.integers(0, 99), st.integers(0, 999))
def test_any_place_is_within_the_query(said: str, query: str, line: int, column: int) -> None:
    position_in(said, query)
    position = position_in(SAID.format(line, column), query)
    assert position is None or 1 <= position <= len(query) + 1


def test_a_refusal_gets_the_line_and_a_mark() -> None:
    with pytest.raises(LookupFailedError) as caught, placed("up{a=}"):
        raise LookupFailedError(SAID.format(1, 6), expected="one")
    assert caught.value.what.endswith("LINE 1: up{a=}\n             ^")
    assert (caught.value.position, caught.value.expected) == (6, "one")


def test_a_refusal_without_a_place_stays_as_it_is() -> None:
    with pytest.raises(LookupFailedError, match=r"^busy$") as caught, placed("up"):
        raise LookupFailedError("busy")
    assert caught.value.position is None
