"""The selectors of a PromQL query: which metrics it reads, of whom, and whether two of them overlap."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import promql_parser

from labctl.catalogue.probe_queries import within

_PART = re.compile(r"_(bucket|count|sum)$")
_BOUND = "le"
"""The label of a histogram's buckets: all of them are one measurement."""
_KINDS = {"Equal": "=", "NotEqual": "!=", "Re": "=~", "NotRe": "!~"}
"""How the parser names the kinds of conditions."""


@dataclass(frozen=True)
class Matcher:
    """One condition on a label, such as job="risk"."""

    label: str
    kind: str
    value: str

    def accepts(self, value: str) -> bool:
        """Whether a series whose label has this value passes."""
        if self.kind in ("=", "!="):
            return (value == self.value) == (self.kind == "=")
        try:
            return (re.fullmatch(self.value, value) is not None) == (self.kind == "=~")
        except re.error:
            return True  # Go's syntax knows more than Python's: rather one overlap too many than one too few


@dataclass(frozen=True)
class Selector:
    """A metric and the conditions on its labels; `text` is the selector as it is written."""

    metric: str
    matchers: tuple[Matcher, ...]
    text: str

    @property
    def family(self) -> str:
        """The metric's name without the part of a histogram."""
        return _PART.sub("", self.metric)

    def overlaps(self, other: Selector) -> bool:
        """Whether both can read the same measurement: one metric, and no label that tells their series apart."""
        return self.family == other.family and not (_apart(self, other) or _apart(other, self))


def selectors(expr: Any) -> Iterator[Selector]:  # noqa: ANN401 - the parser's own trees share no useful type
    """Yield the selectors of a parsed query."""
    if isinstance(expr, promql_parser.MatrixSelector):
        expr = expr.vector_selector
    if isinstance(expr, promql_parser.VectorSelector):
        yield _selector(expr)
    for each in within(expr):
        yield from selectors(each)


def resolved(expr: object, recordings: Mapping[str, str]) -> tuple[Selector, ...]:
    """Return a query's selectors, recorded series replaced by what they were recorded from."""
    return tuple(each for selector in selectors(expr) for each in _resolved(selector, recordings))


def _resolved(selector: Selector, recordings: Mapping[str, str]) -> Iterator[Selector]:
    recorded = recordings.get(selector.metric)
    if recorded is None:
        yield selector
        return
    others = {name: query for name, query in recordings.items() if name != selector.metric}
    for each in resolved(promql_parser.parse(recorded), others):
        yield Selector(each.metric, (*each.matchers, *selector.matchers), each.text)


def _selector(expr: promql_parser.VectorSelector) -> Selector:
    matchers = tuple(
        Matcher(each.name, _KINDS[str(each.op).removeprefix("MatchOp.")], each.value) for each in expr.matchers.matchers
    )
    return Selector(expr.name or "", matchers, str(expr) if matchers else expr.name or "")


def _apart(one: Selector, other: Selector) -> bool:
    fixed = {each.label: each.value for each in one.matchers if each.kind == "=" and each.label != _BOUND}
    return any(each.label in fixed and not each.accepts(fixed[each.label]) for each in other.matchers)
