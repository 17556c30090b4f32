from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from labctl.room.views.cells import LONGEST, MOST_CHARACTERS, shown, table

VALUES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.integers()))


@given(VALUES)
def test_null_is_null_and_nothing_else(value: object) -> None:
    assert shown(value).is_null is (value is None)


def test_values_are_shown_as_psql_does_and_documents_as_json() -> None:
    assert [shown(each).text for each in (True, 1.5, {"a": ["é"]}, "")] == ["t", "1.5", '{"a": ["é"]}', ""]


def test_long_values_are_short_and_at_last_cut() -> None:
    found = shown("x" * (LONGEST + 10))
    assert found.begin == "x" * 160
    assert found.text.endswith("… (10 more characters)")


def test_rows_that_a_page_has_no_room_for_are_counted() -> None:
    rows = [["x" * LONGEST]] * 500
    found = table(rows)
    assert len(found.rows) + found.left_out == 500
    assert 0 < len(found.rows) * LONGEST <= MOST_CHARACTERS
