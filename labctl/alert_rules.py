"""What an alert's rule compares with what, told from its PromQL alone.

A rule is a choice of branches (`or`), each of which is a list of comparisons that must all hold (`and`, `unless`). What
stands elsewhere in it, such as a filter inside of a sum, is a part of what is compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import promql_parser

_UPWARD, _DOWNWARD = frozenset({">", ">="}), frozenset({"<", "<="})


@dataclass(frozen=True)
class Comparison:
    """One comparison; `query` yields the value in units of the threshold, so that it holds from 1 on."""

    query: str
    restates: bool
    """Whether it counts the requests beyond a latency: the threshold of the quantile beside it, said once more."""


Branch = tuple[Comparison, ...]


def branches(expr: str) -> tuple[Branch, ...]:
    """Return the rule's branches; without one that compares with nothing, or with zero: it knows no more or less.

    Raises ValueError for what is not PromQL.
    """
    return tuple(branch for each in _choices(promql_parser.parse(expr)) if (branch := _comparisons(each)))


def _choices(expr: Any) -> list[Any]:  # noqa: ANN401 - the parser's own trees share no useful type
    bare = _bare(expr)
    if isinstance(bare, promql_parser.BinaryExpr) and str(bare.op) == "or":
        return [*_choices(bare.lhs), *_choices(bare.rhs)]
    return [bare]


def _comparisons(expr: Any) -> Branch:  # noqa: ANN401 - as above
    bare = _bare(expr)
    if not isinstance(bare, promql_parser.BinaryExpr):
        return ()
    kind = str(bare.op).split()[0]
    if kind == "and":
        return (*_comparisons(bare.lhs), *_comparisons(bare.rhs))
    if kind == "unless":
        return _comparisons(bare.lhs)
    value, threshold = (bare.lhs, bare.rhs) if kind in _UPWARD else (bare.rhs, bare.lhs)
    if kind not in _UPWARD | _DOWNWARD or _is_zero(bare.lhs) or _is_zero(bare.rhs):
        return ()
    return (Comparison(f"({value}) / ({threshold})", _counts_beyond(value)),)


def _bare(expr: Any) -> Any:  # noqa: ANN401 - as above
    while isinstance(expr, promql_parser.ParenExpr):
        expr = expr.expr
    return expr


def _is_zero(expr: object) -> bool:
    return isinstance(expr, promql_parser.NumberLiteral) and expr.val == 0


def _counts_beyond(expr: Any) -> bool:  # noqa: ANN401 - as above
    """Whether it is all requests less those of one bucket."""
    bare = _bare(expr)
    if not isinstance(bare, promql_parser.BinaryExpr) or str(bare.op) != "-":
        return False
    return all(_is_bucket(each) for each in (bare.lhs, bare.rhs))


def _is_bucket(expr: Any) -> bool:  # noqa: ANN401 - as above
    bare = _bare(expr)
    if isinstance(bare, promql_parser.BinaryExpr) and str(bare.op).split()[0] in _UPWARD | _DOWNWARD:
        bare = bare.lhs  # a filter lets it through or not
    return isinstance(bare, promql_parser.VectorSelector) and any(m.name == "le" for m in bare.matchers.matchers)
