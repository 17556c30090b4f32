"""What an alert's rule compares with what, told from its PromQL alone.

A rule is a choice of branches (`or`), each of which is a list of comparisons that must all hold (`and`, `unless`). What
stands elsewhere in it, such as a filter inside of a sum, is a part of what is compared.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

import promql_parser

_LE = re.compile(r'le="[^"]*",?')
_UPWARD, _DOWNWARD = frozenset({">", ">="}), frozenset({"<", "<="})


@dataclass(frozen=True)
class Slow:
    """How many requests took longer than a bound: the quantile's threshold, said once more as a count."""

    buckets: str
    """The query for all buckets of the histogram that is counted in."""
    bound: float
    least: float
    """So many have to be slower than the bound."""


@dataclass(frozen=True)
class Comparison:
    """One comparison; `query` yields the value in units of the threshold, so that it holds from 1 on."""

    query: str
    slow: Slow | None = None
    """What it counts, where it counts slow requests."""


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
    return (Comparison(f"({value}) / ({threshold})", _slow(value, threshold)),)


def _bare(expr: Any) -> Any:  # noqa: ANN401 - as above
    while isinstance(expr, promql_parser.ParenExpr):
        expr = expr.expr
    return expr


def _is_zero(expr: object) -> bool:
    return isinstance(expr, promql_parser.NumberLiteral) and expr.val == 0


def _slow(value: Any, threshold: Any) -> Slow | None:  # noqa: ANN401 - as above
    """Return what is counted if it is all requests of a histogram less those of one bucket."""
    bare = _bare(value)
    if not isinstance(bare, promql_parser.BinaryExpr) or str(bare.op) != "-":
        return None
    every, bucket = _selector(bare.lhs), _selector(bare.rhs)
    bound = _bound(bucket)
    if every is None or bucket is None or bound is None or not isinstance(threshold, promql_parser.NumberLiteral):
        return None
    return Slow(_LE.sub("", str(bucket)).replace(",}", "}"), bound, threshold.val)


def _selector(expr: Any) -> Any:  # noqa: ANN401 - as above
    """Return the selector that this is, filtered or not; None for anything else."""
    bare = _bare(expr)
    if isinstance(bare, promql_parser.BinaryExpr) and str(bare.op).split()[0] in _UPWARD | _DOWNWARD:
        bare = _bare(bare.lhs)  # a filter lets it through or not
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
