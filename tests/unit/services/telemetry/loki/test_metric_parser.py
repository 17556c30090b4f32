from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.telemetry.loki.metric_parser import MAX_QUERY_LENGTH, parse, parse_selector
from services.telemetry.loki.syntax import (
    Drop,
    LineFilter,
    LineOp,
    LogqlError,
    LogQuery,
    Matcher,
    Most,
    Query,
    RangeAggregation,
    Sum,
    Unwrap,
    Vector,
    VectorAggregation,
)

SECOND = 10**9
SELECTED = LogQuery((Matcher("a", "=", "b"),))
UNWRAPPED = LogQuery(SELECTED.matchers, (Unwrap("x"),))
COUNTED = RangeAggregation("count_over_time", SELECTED, 60 * SECOND)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('count_over_time({a="b"}[1m])', COUNTED),
        ('rate({a="b"}[90s])', RangeAggregation("rate", SELECTED, 90 * SECOND)),
        ('bytes_over_time({a="b"}[1m])', RangeAggregation("bytes_over_time", SELECTED, 60 * SECOND)),
        ('sum(count_over_time({a="b"}[1m]))', VectorAggregation("sum", COUNTED)),
        ('sum by (x, y) (count_over_time({a="b"}[1m]))', VectorAggregation("sum", COUNTED, ("x", "y"))),
        ('sum(count_over_time({a="b"}[1m])) by (x)', VectorAggregation("sum", COUNTED, ("x",))),
        ('max by () (count_over_time({a="b"}[1m]))', VectorAggregation("max", COUNTED)),
        ('topk(3, count_over_time({a="b"}[1m]))', Most("topk", 3, COUNTED)),
        ('avg_over_time({a="b"} | unwrap x [1m])', RangeAggregation("avg_over_time", UNWRAPPED, 60 * SECOND)),
        (
            'max_over_time({a="b"} | unwrap x [1m]) by (y)',
            RangeAggregation("max_over_time", UNWRAPPED, 60 * SECOND, ("y",)),
        ),
        ('sum_over_time({a="b"} | unwrap x [1m]) by ()', RangeAggregation("sum_over_time", UNWRAPPED, 60 * SECOND, ())),
        ("vector(1)+vector(1)", Sum(Vector(1), Vector(1))),
        ("vector(1) + (vector(-2) + vector(3))", Sum(Vector(1), Sum(Vector(-2), Vector(3)))),
    ],
)
def test_metric_queries(query: str, found: Query) -> None:
    assert parse(query) == found


@pytest.mark.parametrize(
    "query",
    ['count_over_time({a="b"} |= "x" | drop __error__ [1m])', 'count_over_time({a="b"}[1m] |= "x" | drop __error__)'],
)
def test_the_range_stands_before_or_after_the_pipeline(query: str) -> None:
    found = parse(query)
    assert isinstance(found, RangeAggregation)
    assert found.query.stages == (LineFilter(LineOp.CONTAINS, ("x",)), Drop(("__error__",)))


def test_names_of_functions_may_be_labels() -> None:
    assert parse('{rate="sum"} | count = "5"') == LogQuery(
        (Matcher("rate", "=", "sum"),),
        parse('{a="b"} | count = "5"').stages,  # type: ignore[union-attr]
    )


@pytest.mark.parametrize(
    ("query", "where", "words"),
    [
        ('{a="b"} | unwrap x', "line 1, col 1", "unwrap makes a metric: put the query into one of avg_over_time"),
        ('rate({a="b"} | unwrap x [1m])', "line 1, col 6", "unwrap goes with them only"),
        ('avg_over_time({a="b"}[1m])', "line 1, col 15", "go with unwrap"),
        ('topk(0, rate({a="b"}[1m]))', "line 1, col 6", "a whole number from 1 to 500"),
        ('rate({a="b"}[1m]) > 5', "line 1, col 19", "unexpected >, expecting the end, or +: no other operator"),
        ('rate({a="b"})', "line 1, col 13", "unexpected ), expecting ["),
        ('rate({a="b"}[5])', "line 1, col 14", "unexpected NUMBER, expecting DURATION"),
        ('rate({a="b"}[0s])', "line 1, col 14", "is not above 0"),
        ('rate({a="b"}[99w])', "line 1, col 14", "at most 30d"),
        ("sum(foo)", "line 1, col 5", "unexpected IDENTIFIER, expecting { or one of count_over_time"),
        ('quantile_over_time(0.5, {a="b"}[1m])', "line 1, col 1", "unexpected IDENTIFIER"),
        ('sum by x (rate({a="b"}[1m]))', "line 1, col 8", "expecting ("),
        ("vector(1) +", "line 1, col 12", "unexpected $end"),
        ("7", "line 1, col 1", "unexpected NUMBER, expecting { or one of count_over_time"),
        ("vector(1) - vector(1)", "line 1, col 11", "unexpected -"),
        ("vector(1) * vector(1)", "line 1, col 11", "unexpected character"),
        ('rate({a="b"}[1m] offset 5m)', "line 1, col 18", "unexpected IDENTIFIER, expecting )"),
        ('sum without (x) (rate({a="b"}[1m]))', "line 1, col 5", "unexpected IDENTIFIER, expecting ("),
        ("(" * 500, "line 1, col 102", "more than 100 nested parts"),
        ("vector(1)" + "+vector(1)" * 1500, "line 1, col", "more than 100 nested parts"),
        ("x" * (MAX_QUERY_LENGTH + 1), "line 1, col 1", "longer than"),
    ],
)
def test_errors_name_the_position(query: str, where: str, words: str) -> None:
    with pytest.raises(LogqlError) as caught:
        parse(query)
    assert where in str(caught.value)
    assert words in str(caught.value)


def test_a_selector_alone() -> None:
    assert parse_selector('{a="b"}') == SELECTED
    with pytest.raises(LogqlError, match="col 9"):
        parse_selector('{a="b"} |= "x"')


WORDS = st.sampled_from(
    [
        *("{", "}", "(", ")", "[", "]", ",", "|", "=", "-", "+", "|=", "|~", "!=", "!~", "=~", ">="),
        *("a", "or", "and", "json", "drop", "by", "sum", "rate", "count_over_time", "vector"),
        *('"x"', "`(`", "5", "1.5", "5m", "0s", '{a="b"}'),
    ]
)


def refusal(query: str) -> str:
    """The message that refuses a query; "" when it is one."""
    try:
        parse(query)
    except LogqlError as error:
        return str(error)
    return ""


@given(st.lists(WORDS, max_size=25).map(" ".join))
@example('{a="b"} | a')
def test_any_words_are_a_query_or_refused_with_a_position(query: str) -> None:
    message = refusal(query)
    assert message == "" or message.startswith("parse error at line 1, col ")


@given(st.text(max_size=60))
def test_any_text_is_a_query_or_refused(text: str) -> None:
    for query in (text, '{a="b"}' + text):
        message = refusal(query)
        assert message == "" or message.startswith("parse error at line ")
