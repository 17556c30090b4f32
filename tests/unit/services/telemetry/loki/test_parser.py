from __future__ import annotations

import pytest

from services.telemetry.loki.lexer import Kind
from services.telemetry.loki.metric_parser import parse
from services.telemetry.loki.parser import Cursor
from services.telemetry.loki.syntax import (
    Both,
    Drop,
    Either,
    LabelFilter,
    LineFilter,
    LineOp,
    LogqlError,
    LogQuery,
    Matcher,
    Parser,
    Stage,
)

ONE = (Matcher("service_name", "=", "payments"),)


def stages(text: str) -> tuple[Stage, ...]:
    found = parse('{service_name="payments"}' + text)
    assert isinstance(found, LogQuery)
    assert found.matchers == ONE
    return found.stages


def test_a_selector() -> None:
    assert parse('{service_name="payments", level!="info", a=~"x.*", b!~`y`}') == LogQuery(
        (*ONE, Matcher("level", "!=", "info"), Matcher("a", "=~", "x.*"), Matcher("b", "!~", "y"))
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ()),
        (' |= "a" != "b"', (LineFilter(LineOp.CONTAINS, ("a",)), LineFilter(LineOp.LACKS, ("b",)))),
        (' |~ "a.*" !~ `b`', (LineFilter(LineOp.MATCHES, ("a.*",)), LineFilter(LineOp.MATCHES_NOT, ("b",)))),
        (' |= "a" or "b"', (LineFilter(LineOp.CONTAINS, ("a", "b")),)),
        (" | json | logfmt", (Parser.JSON, Parser.LOGFMT)),
        (' | trace_id="abc"', (LabelFilter("trace_id", "=", "abc"),)),
        (' | json!="x"', (Parser.JSON, LineFilter(LineOp.LACKS, ("x",)))),
        (" | status>=500", (LabelFilter("status", ">=", 500.0),)),
        (" | status == -1.5", (LabelFilter("status", "==", -1.5),)),
        (" | duration > 1m30s", (LabelFilter("duration", ">", 90.0),)),
        (' | a=~"x|y"', (LabelFilter("a", "=~", "x|y"),)),
        (" | drop __error__, a", (Drop(("__error__", "a")),)),
    ],
)
def test_stages(text: str, found: tuple[Stage, ...]) -> None:
    assert stages(text) == found


def test_and_binds_tighter_than_or() -> None:
    a, b, c = (LabelFilter(name, "=", "1") for name in "abc")
    assert stages(' | a="1" or b="1" and c="1"') == (Either(a, Both(b, c)),)
    assert stages(' | (a="1" or b="1"), c="1"') == (Both(Either(a, b), c),)


@pytest.mark.parametrize(
    ("query", "where", "words"),
    [
        ("", "line 1, col 1", "unexpected $end"),
        ("{service_name=}", "line 1, col 15", "unexpected }, expecting STRING"),
        ('{service_name="a"', "line 1, col 18", "unexpected $end, expecting , or }"),
        ('{"a"="b"}', "line 1, col 2", "unexpected STRING, expecting IDENTIFIER"),
        ('{a>"b"}', "line 1, col 3", "unexpected >, expecting = or != or =~ or !~"),
        ('{a="b"} | ', "line 1, col 11", "unexpected $end, expecting IDENTIFIER"),
        ('{a="b"} foo', "line 1, col 9", "unexpected IDENTIFIER"),
        ('{a="b"}\n  |= 5', "line 2, col 6", "unexpected NUMBER, expecting STRING"),
        ('{a="b"} | label_format "x"', "line 1, col 11", "'label_format' is no stage or label filter"),
        ('{a="b"} | line_format "{{.x | ToUpper}}"', "line 1, col 23", "invalid line template: only {{.label}}"),
        ('{a="b"} | unwrap ms(x)', "line 1, col 18", "'ms' is no conversion; expecting duration"),
        (f'{{a="b"}} |> "{"x" * 5000}"', "line 1, col 12", "longer than"),
        ('{a="b"} | x > "5"', "line 1, col 15", "unexpected STRING, expecting NUMBER"),
        ('{a="b"} | x =~ 5', "line 1, col 16", "unexpected NUMBER, expecting STRING"),
        ('{a="b"} |~ "("', "line 1, col 12", "error parsing regexp: missing )"),
        ('{a=~"["}', "line 1, col 5", "error parsing regexp: missing ]"),
        ('{a="b"} | drop 5', "line 1, col 16", "unexpected NUMBER, expecting IDENTIFIER"),
        ('{a="b"} | ' + "(" * 200, "line 1, col 112", "more than 100 nested parts"),
        ('{a="b"} | a=1' + " or a=1" * 3000, "line 1", "characters"),
        ('{a="b"} | a=1' + " or a=1" * 200, "line 1", "more than 100 nested parts"),
    ],
)
def test_errors_name_the_position(query: str, where: str, words: str) -> None:
    with pytest.raises(LogqlError) as caught:
        parse(query)
    assert str(caught.value).startswith(f"parse error at {where}")
    assert words in str(caught.value)


@pytest.mark.parametrize("selector", ["{}", '{a=""}', '{a!="b"}', '{a=~".*"}', '{a!~".+"}', '{a=~"b|"}'])
def test_a_selector_has_to_select(selector: str) -> None:
    with pytest.raises(LogqlError, match="at least one regexp or equality matcher"):
        parse(selector)


@pytest.mark.parametrize("selector", ['{a!=""}', '{a=~".+"}', '{a!~".*"}', '{a="", b="c"}'])
def test_selectors_that_do(selector: str) -> None:
    assert isinstance(parse(selector), LogQuery)


def test_a_cursor_never_passes_the_end() -> None:
    cursor = Cursor("a")
    assert cursor.advance().text == "a"
    assert cursor.advance().kind is cursor.advance().kind is Kind.END
