"""LogQL's metric queries, and the entry for queries of both kinds."""

from __future__ import annotations

from services.telemetry.durations import parse_duration
from services.telemetry.loki.lexer import Kind
from services.telemetry.loki.parser import Cursor, names, pipeline, selector, signed_number
from services.telemetry.loki.syntax import (
    LogQuery,
    MetricQuery,
    Most,
    Query,
    RangeAggregation,
    Sum,
    Unwrap,
    Vector,
    VectorAggregation,
)

NANO = 10**9
MAX_QUERY_LENGTH = 16_384
MAX_RANGE_SECONDS = 30 * 86_400
MAX_MOST = 500
LINE_FUNCTIONS = ("count_over_time", "rate", "bytes_over_time", "bytes_rate")
VALUE_FUNCTIONS = ("avg_over_time", "sum_over_time", "min_over_time", "max_over_time")
RANGE_FUNCTIONS = (*LINE_FUNCTIONS, *VALUE_FUNCTIONS)
MOST_FUNCTIONS = ("topk", "bottomk")
VECTOR_FUNCTIONS = ("sum", "avg", "min", "max", "count")


def parse(query: str) -> Query:
    """Any query; raises LogqlError that names the position."""
    cursor = _cursor(query)
    found: Query = _lines(cursor) if cursor.at(Kind.SIGN, "{") else _sum(cursor)
    if not cursor.at(Kind.END):
        cursor.fail("" if isinstance(found, LogQuery) else "the end, or +: no other operator is supported here")
    return found


def _lines(cursor: Cursor) -> LogQuery:
    start = cursor.next
    found = pipeline(cursor, selector(cursor))
    if any(isinstance(stage, Unwrap) for stage in found.stages):
        raise cursor.error(f"unwrap makes a metric: put the query into one of {', '.join(VALUE_FUNCTIONS)}", start)
    return found


def parse_selector(query: str) -> LogQuery:
    """Parse a stream selector and nothing else, as `match[]` is written; raises LogqlError."""
    cursor = _cursor(query)
    found = selector(cursor)
    if not cursor.at(Kind.END):
        cursor.fail()
    return found


def _cursor(query: str) -> Cursor:
    cursor = Cursor(query[: MAX_QUERY_LENGTH + 1])
    if len(query) > MAX_QUERY_LENGTH:
        raise cursor.error(f"the query is longer than {MAX_QUERY_LENGTH} characters")
    return cursor


def _sum(cursor: Cursor) -> MetricQuery:
    left = _operand(cursor)
    while cursor.accept("+"):
        cursor.nest()
        left = Sum(left, _operand(cursor))
    return left


def _operand(cursor: Cursor) -> MetricQuery:
    if cursor.accept("("):
        cursor.nest()
        inner = _sum(cursor)
        cursor.expect(")")
        return inner
    if cursor.accept("vector"):
        cursor.expect("(")
        value = signed_number(cursor)
        cursor.expect(")")
        return Vector(value)
    if function := cursor.accept(*RANGE_FUNCTIONS):
        return _range_aggregation(cursor, function)
    if function := cursor.accept(*VECTOR_FUNCTIONS):
        return _vector_aggregation(cursor, function)
    if function := cursor.accept(*MOST_FUNCTIONS):
        return _most(cursor, function)
    cursor.fail(f"{{ or one of {', '.join((*RANGE_FUNCTIONS, *VECTOR_FUNCTIONS, *MOST_FUNCTIONS))}")
    raise AssertionError  # pragma: no cover - fail() has raised


def _vector_aggregation(cursor: Cursor, function: str) -> VectorAggregation:
    """Parse one; its grouping may stand before or after the brackets."""
    labels = _grouping(cursor)
    cursor.expect("(")
    cursor.nest()
    inner = _sum(cursor)
    cursor.expect(")")
    return VectorAggregation(function, inner, labels or _grouping(cursor))


def _most(cursor: Cursor, function: str) -> Most:
    """`topk(5, …)`."""
    cursor.expect("(")
    cursor.nest()
    token = cursor.take(Kind.NUMBER)
    if not token.text.isdecimal() or not 0 < int(token.text) <= MAX_MOST:
        raise cursor.error(f"{function} takes a whole number from 1 to {MAX_MOST}", token)
    cursor.expect(",")
    inner = _sum(cursor)
    cursor.expect(")")
    return Most(function, int(token.text), inner)


def _grouping(cursor: Cursor) -> tuple[str, ...]:
    if not cursor.accept("by"):
        return ()
    cursor.expect("(")
    labels = names(cursor) if cursor.at(Kind.IDENTIFIER) else ()
    cursor.expect(")")
    return labels


def _range_aggregation(cursor: Cursor, function: str) -> RangeAggregation:
    """Parse one; its range may stand after the selector or after the pipeline."""
    cursor.expect("(")
    start = cursor.next
    query = pipeline(cursor, selector(cursor))
    cursor.expect("[")
    range_ns = _duration(cursor)
    cursor.expect("]")
    query = pipeline(cursor, query)
    cursor.expect(")")
    found = RangeAggregation(function, query, range_ns, _by(cursor) if function in VALUE_FUNCTIONS else None)
    if found.unwraps != (function in VALUE_FUNCTIONS):
        raise cursor.error(f"{', '.join(VALUE_FUNCTIONS)} go with unwrap, and unwrap goes with them only", start)
    return found


def _by(cursor: Cursor) -> tuple[str, ...] | None:
    """Return the labels to group by, also none at all; None where the query does not group."""
    return _grouping(cursor) if cursor.at(Kind.IDENTIFIER, "by") else None


def _duration(cursor: Cursor) -> int:
    token = cursor.take(Kind.DURATION)
    seconds = parse_duration(token.text)
    if not 0 < seconds <= MAX_RANGE_SECONDS:
        raise cursor.error(f"duration {token.text} is not above 0 and at most {MAX_RANGE_SECONDS // 86_400}d", token)
    return int(seconds * NANO)
