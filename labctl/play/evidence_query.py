"""Whether a PromQL query may be evidence: it has to be a plain figure of the lab, which no clock can move.

Whatever could tell the healthy window from the broken one by time alone is refused: functions of time, `@` and
`offset`, counters that only ever grow, and steps (comparisons, roundings, shifts by a constant) that turn a slow growth
into a jump. What is left are sums, shares, rates, means and quantiles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import promql_parser

from labctl.catalogue.probe_queries import MAX_LENGTH, selects, within
from labctl.play.selectors import Selector, selectors

_RATES = frozenset({"rate", "irate", "increase", "delta", "idelta", "deriv", "changes", "resets"})
_OVER_TIME = frozenset(f"{each}_over_time" for each in ("avg", "min", "max", "quantile", "last", "stddev"))
_SHAPES = frozenset({"histogram_quantile", "scalar", "label_replace", "label_join", "abs", "sort", "sort_desc"})
_PLAIN = frozenset({"+", "-", "*", "/", "and", "or", "unless"})
_COUNTER = re.compile(r"_(total|bucket|seconds_count|seconds_sum)$")
_NOT_OF_THE_LAB = re.compile(r"ALERTS.*|up|scrape_.*|prometheus_.*")
OWN = "http_server_synthetic_requests_total"
"""How many requests a service has served that no client sent."""
EXPECTED = "a sum, a share, a rate, a mean or a quantile of the lab's own metrics"


def parsed(query: str) -> object | None:
    """Return the parsed query; None when it is no PromQL, which Prometheus says better."""
    try:
        return promql_parser.parse(query) if len(query) <= MAX_LENGTH else None
    except ValueError:
        return None


def flaw(expr: object) -> str:
    """Return why a parsed query can't be evidence, whatever broke; empty when it can."""
    try:
        return next(_flaws(expr), "")
    except RecursionError:
        return "it is nested too deeply"


def _flaws(expr: object) -> Iterator[str]:
    if not selects(expr):
        yield "it reads no metric"
    for each in selectors(expr):
        yield from _not_own(each)
    yield from _steps(expr, rated=False)


def _not_own(selector: Selector) -> Iterator[str]:
    if not selector.metric:
        yield "it selects series without the name of a metric"
    elif selector.metric == OWN:
        yield f"{OWN} counts requests of your own"
    elif _NOT_OF_THE_LAB.fullmatch(selector.metric):
        yield f"{selector.metric} tells of the monitoring, not of the system"


def _steps(expr: Any, *, rated: bool) -> Iterator[str]:  # noqa: ANN401 - the parser's own trees share no useful type
    match expr:
        case promql_parser.MatrixSelector():
            yield from _steps(expr.vector_selector, rated=rated)
        case promql_parser.VectorSelector() | promql_parser.SubqueryExpr():
            yield from _other_times(expr)
            yield from _selected(expr, rated=rated)
        case promql_parser.Call():
            yield from _called(expr)
            rated = expr.func.name in _RATES
        case promql_parser.BinaryExpr():
            yield from _joined(expr)
            rated = False
        case promql_parser.AggregateExpr() if str(expr.op) == "count_values":
            yield "count_values() makes labels of values"
    for each in within(expr):
        yield from _steps(each, rated=rated)


def _selected(expr: Any, *, rated: bool) -> Iterator[str]:  # noqa: ANN401 - as above
    if isinstance(expr, promql_parser.VectorSelector):
        if expr.matchers.or_matchers:
            yield "it joins conditions by `or` within one selector"
        if not rated and _COUNTER.search(expr.name or ""):
            yield f"{expr.name} only ever grows: take its rate, such as rate({expr.name}[20s])"


def _other_times(expr: Any) -> Iterator[str]:  # noqa: ANN401 - as above
    if expr.at is not None or expr.offset:
        yield "it looks at another time than now, by @ or offset"


def _called(expr: promql_parser.Call) -> Iterator[str]:
    name = expr.func.name
    if name == "vector" and isinstance(expr.args[0], promql_parser.NumberLiteral):
        return
    if name not in _RATES | _OVER_TIME | _SHAPES:
        yield f"{name}() is a clock, or can make a step of a slow growth"


def _joined(expr: promql_parser.BinaryExpr) -> Iterator[str]:
    kind = str(expr.op).split()[0]
    if kind not in _PLAIN:
        yield f"`{kind}` makes a step of a figure: leave the comparing to the judge"
    elif kind in "+-" and not (selects(expr.lhs) and selects(expr.rhs)):
        yield f"`{kind}` shifts a figure by a constant"
    elif kind == "/" and not selects(expr.lhs):
        yield "it divides a constant by a figure"
