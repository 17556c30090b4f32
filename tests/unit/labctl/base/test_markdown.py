from hypothesis import given
from hypothesis import strategies as st

from labctl.base.markdown import code, plain


def test_what_is_plain_stays_as_it_is() -> None:
    assert plain("Use 4 connections, not 2 (c.meyer)") == "Use 4 connections, not 2 (c.meyer)"


def test_html_links_and_code_are_shown_and_not_made() -> None:
    assert plain("<b> [a](b) `c` *d*") == "\\<b> \\[a](b) \\`c\\` \\*d\\*"


def test_one_line_without_control_characters() -> None:
    assert plain("a\nb\t\x1b[2J") == "a b \\\\x1b\\[2J"


def test_code_with_backticks_in_it() -> None:
    assert (code("up"), code("a `b`"), code("")) == ("`up`", "`` a `b` ``", "")


@given(st.text())
def test_never_more_than_a_line(text: str) -> None:
    assert len(plain(text).splitlines()) <= 1
    assert len(code(text).splitlines()) <= 1
