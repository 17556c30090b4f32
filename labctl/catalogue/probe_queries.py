"""Whether a query is PromQL that a probe may use: parsed and type-checked like Prometheus, but without it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, TypeAlias

import promql_parser

from labctl.health.baseline import LOOK_BACK_S

MAX_LENGTH = 2000
"""Characters. The parser's time and memory grow faster than a query does; no probe comes near this."""

_NO_NUMBER = (promql_parser.MatrixSelector, promql_parser.SubqueryExpr, promql_parser.StringLiteral)
_TEXT = re.compile(r"""#[^\n]*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`""")
_SHIFTED = re.compile(r"\boffset\b|@")
_BLIND = re.compile(r"\b(vector|absent|absent_over_time)\s*\(")
Labels: TypeAlias = frozenset[str] | None
"""The labels that tell the series of a result apart: an empty set for a single series, None for any labels."""
_ANY: Labels = None
_SINGLE: Labels = frozenset()
# Aggregations that keep the labels of the series that they pick, or make new labels.
_PICKS = frozenset({"topk", "bottomk", "limitk", "limit_ratio", "count_values"})
_RELABELS = frozenset({"label_replace", "label_join"})
_LEFT = frozenset({"and", "unless"})


def flaws(query: str) -> list[str]:
    """Return why a probe may not use a query, one sentence each; empty when it may."""
    if len(query) > MAX_LENGTH:
        return [f"has {len(query)} characters; {MAX_LENGTH} are allowed"]
    try:
        parsed = promql_parser.parse(query)
    except ValueError as error:
        return [f"is not PromQL: {error}"]
    try:
        return _flaws(parsed, query)
    except RecursionError:
        return ["is nested too deeply"]


def _flaws(parsed: object, query: str) -> list[str]:
    bare = _TEXT.sub(lambda found: " " if found[0].startswith("#") else '""', query)
    found = [f"{name}() turns missing telemetry into a figure" for name in sorted(set(_BLIND.findall(bare)))]
    looks_back = looks_back_s(parsed)
    if looks_back > LOOK_BACK_S:
        found.append(
            f"looks back {looks_back:g} s, further than the {LOOK_BACK_S:g} s after which a healthy window begins"
        )
    if _SHIFTED.search(bare):
        found.append("looks at another time than now, by offset or @")
    while isinstance(parsed, promql_parser.ParenExpr):
        parsed = parsed.expr
    if isinstance(parsed, _NO_NUMBER):
        return [*found, "yields no number"]
    if not selects(parsed):
        found.append("measures nothing: it has no metric")
    elif labels(parsed) != frozenset():
        found.append("may yield several series: let sum(…), max(…) or avg(…) make one number of them")
    return found


def labels(expr: Any) -> Labels:  # noqa: ANN401 - the parser's own trees share no useful type
    """Return which labels tell the series of a result apart."""
    match expr:
        case promql_parser.AggregateExpr():
            return _aggregated(expr)
        case promql_parser.BinaryExpr():
            return _paired(expr)
        case promql_parser.Call():
            return _called(expr)
        case promql_parser.ParenExpr() | promql_parser.UnaryExpr() | promql_parser.SubqueryExpr():
            return labels(expr.expr)
        case promql_parser.NumberLiteral() | promql_parser.StringLiteral():
            return _SINGLE
    return _ANY


def looks_back_s(expr: object) -> float:
    """Return how many seconds a query looks back: windows within windows add up."""
    own = 0.0
    if isinstance(expr, promql_parser.MatrixSelector | promql_parser.SubqueryExpr) and expr.range is not None:
        own = expr.range.total_seconds()
    return own + max((looks_back_s(each) for each in within(expr)), default=0.0)


def selects(expr: object) -> bool:
    """Whether a query has a metric in it: a number alone measures nothing."""
    if isinstance(expr, promql_parser.VectorSelector | promql_parser.MatrixSelector):
        return True
    return any(selects(each) for each in within(expr))


def within(expr: Any) -> list[Any]:  # noqa: ANN401 - as above
    """Return the parts that an expression is made of."""
    match expr:
        case promql_parser.AggregateExpr():
            return [expr.expr, *([] if expr.param is None else [expr.param])]
        case promql_parser.BinaryExpr():
            return [expr.lhs, expr.rhs]
        case promql_parser.Call():
            return list(expr.args)
        case promql_parser.ParenExpr() | promql_parser.UnaryExpr() | promql_parser.SubqueryExpr():
            return [expr.expr]
    return []


def _aggregated(expr: promql_parser.AggregateExpr) -> Labels:
    if str(expr.op) in _PICKS:
        return _ANY
    inner, modifier = labels(expr.expr), expr.modifier
    if modifier is None:
        return _SINGLE
    named = frozenset(modifier.labels)
    if modifier.type == promql_parser.AggModifierType.By:
        return named if inner is None else named & inner
    return None if inner is None else inner - named


def _paired(expr: promql_parser.BinaryExpr) -> Labels:
    if str(expr.op) in _LEFT:
        return labels(expr.lhs)
    modifier = expr.modifier
    # One to one: only the labels by which pairs are matched are left.
    if modifier and modifier.matching and modifier.card == promql_parser.VectorMatchCardinality.OneToOne:
        named = frozenset(modifier.matching.labels)
        if modifier.matching.type == promql_parser.LabelModifierType.Include:
            return named
    return _joined([expr.lhs, expr.rhs])


def _called(expr: promql_parser.Call) -> Labels:
    name = expr.func.name
    if name in _RELABELS:
        return _SINGLE if labels(expr.args[0]) == _SINGLE else _ANY
    if name == "scalar":
        return _SINGLE
    found = _joined(expr.args)
    return found - {"le"} if found and name == "histogram_quantile" else found


def _joined(parts: Iterable[object]) -> Labels:
    joined: frozenset[str] = frozenset()
    for part in parts:
        found = labels(part)
        if found is None:
            return None
        joined |= found
    return joined
