from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.base.errors import InputError
from labctl.base.text import checked, clipped, number_of, visible, visible_lines


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("payment captured", "payment captured"),
        ("Zürich 東京 €5", "Zürich 東京 €5"),
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("two\nlines\tand\r", "two\\nlines\\tand\\r"),
        ("\u202eleft", "\\u202eleft"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("\u2028", "\\u2028"),
        ("e\u0300", "e\u0300"),
        ("\u0300\u0301", "\\u0300\\u0301"),
        ("\x9b31m", "\\x9b31m"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
    ],
)
def test_what_moves_the_cursor_or_hides_is_spelled_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text())
def test_nothing_visible_controls_a_terminal(text: str) -> None:
    assert not {unicodedata.category(character) for character in visible(text)} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@given(st.text())
def test_lines_stay_lines(text: str) -> None:
    assert visible_lines(text).count("\n") == text.count("\n")


def test_tabs_in_lines_become_spaces() -> None:
    assert visible_lines("a\tb\n\x1b") == "a   b\n\\x1b"


def test_text_passes_through() -> None:
    assert checked("SELECT 'é'", "the query") == "SELECT 'é'"


def test_bytes_that_are_no_text_are_a_usage_error() -> None:
    with pytest.raises(InputError, match="the query is not valid UTF-8 at character 3"):
        checked("ab\udcff", "the query")


@pytest.mark.parametrize(("count", "text"), [(0, "0 files"), (1, "1 file"), (2, "2 files")])
def test_a_count_agrees_with_its_noun(count: int, text: str) -> None:
    assert number_of(count, "file") == text


@given(st.text(max_size=50), st.integers(0, 50))
def test_what_is_clipped_is_counted(text: str, most: int) -> None:
    shown = clipped(text, most)

    assert shown.startswith(text[:most])
    assert (shown == text) == (len(text) <= most)


def test_a_clipped_text_says_how_much_is_missing() -> None:
    assert clipped("x" * 1500, 100) == "x" * 100 + "… (1,400 more characters)"
