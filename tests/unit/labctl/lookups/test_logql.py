from __future__ import annotations

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.base.errors import EXIT_USAGE, InputError
from labctl.lookups.logql import LineFilter, checked_pattern, quoted

# A Go string literal as LogQL's scanner reads it, and what its escapes mean.
_TOKEN = re.compile(r'\\(?:[\\"nrt]|x[0-9a-f]{2})|[^\\"\x00-\x1f\x7f]')
_MEANING = {"\\\\": "\\", '\\"': '"', "\\n": "\n", "\\r": "\r", "\\t": "\t"}
TEXT = st.text(st.characters(codec="utf-8"))


def unquoted(literal: str) -> str:
    """Read a Go string literal the way a LogQL parser does; fails on anything that is not exactly one."""
    assert literal[0] == literal[-1] == '"'
    tokens = _TOKEN.findall(literal[1:-1])
    assert "".join(tokens) == literal[1:-1]
    return "".join(
        _MEANING.get(token, chr(int(token[2:], 16)) if token.startswith("\\x") else token) for token in tokens
    )


@given(TEXT)
def test_any_text_is_one_literal_that_means_the_same(text: str) -> None:
    assert unquoted(quoted(text)) == text


@given(TEXT, TEXT, TEXT)
def test_nothing_typed_changes_the_shape_of_the_query(service: str, pattern: str, trace_id: str) -> None:
    with suppress(InputError):
        query = LineFilter(service, pattern, trace_id).logql()
        shape = re.sub(r'"(?:\\.|[^"\\])*"', "S", query)
        assert shape == "{service_name=S} |~ S | trace_id=S"


@pytest.mark.parametrize(
    ("wanted", "query"),
    [
        (LineFilter(), '{service_name=~".+"}'),
        (LineFilter("risk"), '{service_name="risk"}'),
        (LineFilter(pattern=r"pool \w+"), '{service_name=~".+"} |~ "pool \\\\w+"'),
        (LineFilter("risk", trace_id="4bf9"), '{service_name="risk"} | trace_id="4bf9"'),
        (LineFilter("risk", of_clients=True), '{service_name="risk"} | user_agent_synthetic_type=""'),
        (LineFilter('x"} or {a="'), '{service_name="x\\"} or {a=\\""}'),
    ],
)
def test_queries_read_as_a_learner_would_write_them(wanted: LineFilter, query: str) -> None:
    assert wanted.logql() == query


@pytest.mark.parametrize("pattern", ["(", "a{2,1}", "[z-a]", "*", "(?P<n"])
def test_a_broken_pattern_says_where_and_shows_examples(pattern: str) -> None:
    with pytest.raises(InputError, match="is not a regular expression") as caught:
        checked_pattern(pattern)

    assert caught.value.exit_code == EXIT_USAGE
    assert "timeout|refused" in caught.value.expected


def test_bytes_that_are_no_text_are_a_usage_error() -> None:
    with pytest.raises(InputError, match="not valid UTF-8"):
        LineFilter("\udcff").logql()
