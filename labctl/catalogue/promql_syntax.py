"""Whether a query is PromQL that a probe may use: parsed and type-checked as Prometheus would, without one."""

from __future__ import annotations

import re

import promql_parser

from labctl.catalogue import promql_shape
from labctl.health.baseline import LOOK_BACK_S

MAX_LENGTH = 2000
"""Characters. The parser's time and memory grow faster than a query does; no probe comes near this."""

_NO_NUMBER = (promql_parser.MatrixSelector, promql_parser.SubqueryExpr, promql_parser.StringLiteral)
_TEXT = re.compile(r"""#[^\n]*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`""")
_SHIFTED = re.compile(r"\boffset\b|@")
_BLIND = re.compile(r"\b(vector|absent|absent_over_time)\s*\(")


def flaws(query: str) -> list[str]:
    """Return what keeps a query from being a probe's, one sentence each; empty when it can be one."""
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
    looks_back = promql_shape.looks_back_s(parsed)
    if looks_back > LOOK_BACK_S:
        found.append(f"looks back {looks_back:g} s, further than the {LOOK_BACK_S:g} s that a healthy window knows")
    if _SHIFTED.search(bare):
        found.append("looks at another time than now, by offset or @")
    while isinstance(parsed, promql_parser.ParenExpr):
        parsed = parsed.expr
    if isinstance(parsed, _NO_NUMBER):
        return [*found, "yields no number"]
    if not promql_shape.selects(parsed):
        found.append("measures nothing: no metric is in it")
    elif promql_shape.labels(parsed) != frozenset():
        found.append("may yield several series: let sum(…), max(…) or avg(…) make one number of them")
    return found
