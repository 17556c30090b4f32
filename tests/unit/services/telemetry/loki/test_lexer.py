from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.telemetry.loki.lexer import Kind, place, tokens
from services.telemetry.loki.syntax import LogqlError


def kinds(query: str) -> list[tuple[str, str]]:
    return [(str(token.kind), token.text) for token in tokens(query)[:-1]]


def test_every_kind_of_word() -> None:
    assert kinds('{a=~"x"} |= `y` | n >= 1.5 [5m] # why') == [
        ("sign", "{"),
        ("IDENTIFIER", "a"),
        ("sign", "=~"),
        ("STRING", "x"),
        ("sign", "}"),
        ("sign", "|="),
        ("STRING", "y"),
        ("sign", "|"),
        ("IDENTIFIER", "n"),
        ("sign", ">="),
        ("NUMBER", "1.5"),
        ("sign", "["),
        ("DURATION", "5m"),
        ("sign", "]"),
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r'"a\"b\\c"', 'a"b\\c'),
        (r'"\n\t\x41\u00e9\101"', "\n\tAéA"),
        (r'"\U0001F600"', "😀"),
        (r"`a\nb`", r"a\nb"),
        ('"#no comment"', "#no comment"),
    ],
)
def test_strings_are_gos(written: str, meant: str) -> None:
    assert kinds(written) == [("STRING", meant)]


def test_words_know_their_place() -> None:
    found = tokens('{\n  a = "x"\n}')
    assert [(token.line, token.column) for token in found] == [(1, 1), (2, 3), (2, 5), (2, 7), (3, 1), (3, 2)]
    assert place("ab\ncd", 4) == (2, 2)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ('{a="x', "parse error at line 1, col 4: literal not terminated"),
        ("{a=`x", "parse error at line 1, col 4: literal not terminated"),
        ("{a\n=;", 'parse error at line 2, col 2: syntax error: unexpected character ";"'),
        (r'{a="\d"}', r'parse error at line 1, col 4: invalid escape in "\d"'),
        (r'{a="\ud800"}', r'parse error at line 1, col 4: invalid escape in "\ud800"'),
        (r'{a="\U00ffffff"}', r'parse error at line 1, col 4: invalid escape in "\U00ffffff"'),
    ],
)
def test_errors_name_the_position(query: str, message: str) -> None:
    with pytest.raises(LogqlError) as caught:
        tokens(query)
    assert str(caught.value) == message


@given(st.text())
def test_any_text_is_words_or_refused(query: str) -> None:
    with suppress(LogqlError):
        assert tokens(query)[-1].kind is Kind.END
