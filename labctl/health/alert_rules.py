"""The comparisons in an alert's rule, read from its PromQL alone.

A rule is a choice of branches (`or`), each a list of comparisons that must all hold (`and`; the left side of `unless`).
A comparison anywhere else, such as a filter inside a sum, is a part of the value that is compared.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import promql_parser

_LE = re.compile(r'le="[^"]*",?')
_UPWARD, _DOWNWARD = frozenset({">", ">="}), frozenset({"<", "<="})


@dataclass(frozen=True)
class Slow:
    """A comparison that counts the requests slower than a bound, beside one of a quantile with the same bound."""

    buckets: str
    """The query for all buckets of the histogram."""
    bound: float
    least: float
    """How many requests have to be slower than the bound."""


@dataclass(frozen=True)
class Comparison:
    """One comparison; `query` yields the value in units of the threshold, so that it holds from 1 on."""

    query: str
    slow: Slow | None = None
    """Set where the comparison counts slow requests."""


Branch = tuple[Comparison, ...]


@lru_cache(maxsize=256)
def branches(expr: str) -> tuple[Branch, ...]:
    """Return the rule's branches, but none that compares nothing, or compares with zero: they have no level.

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
    return (Comparison(f"({value}) / ({threshold})", _slow(value, threshold)),)


def _bare(expr: Any) -> Any:  # noqa: ANN401 - as above
    while isinstance(expr, promql_parser.ParenExpr):
        expr = expr.expr
    return expr


def _is_zero(expr: object) -> bool:
    return isinstance(expr, promql_parser.NumberLiteral) and expr.val == 0


def _slow(value: Any, threshold: Any) -> Slow | None:  # noqa: ANN401 - as above
    """Return the count of slow requests, which is all of a histogram minus one bucket; None for any other value."""
    bare = _bare(value)
    if not isinstance(bare, promql_parser.BinaryExpr) or str(bare.op) != "-":
        return None
    every, bucket = _selector(bare.lhs), _selector(bare.rhs)
    bound = _bound(bucket)
    if every is None or bucket is None or bound is None or not isinstance(threshold, promql_parser.NumberLiteral):
        return None
    return Slow(_LE.sub("", str(bucket)).replace(",}", "}"), bound, threshold.val)


def _selector(expr: Any) -> Any:  # noqa: ANN401 - as above
    """Return the expression as a selector, without its filter; None when it is anything else."""
    bare = _bare(expr)
    if isinstance(bare, promql_parser.BinaryExpr) and str(bare.op).split()[0] in _UPWARD | _DOWNWARD:
        bare = _bare(bare.lhs)  # a comparison of a selector only filters it
    return bare if isinstance(bare, promql_parser.VectorSelector) else None


def _bound(selector: Any) -> float | None:  # noqa: ANN401 - as above
    """Return the upper bound of the one bucket that is selected; None where it selects no such bucket."""
    for each in selector.matchers.matchers if selector is not None else ():
        if each.name == "le":
            try:
                found = float(each.value)
            except ValueError:
                return None
            return found if math.isfinite(found) else None
    return None
