"""LogQL's syntax tree, as far as it is understood here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class LogqlError(Exception):
    """A query that cannot be understood; the message names the position, as Loki's does."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        where = f" at line {line}, col {column}" if line else " "
        super().__init__(f"parse error{where}: {message}")


class LineOp(StrEnum):
    """The line filters."""

    CONTAINS = "|="
    LACKS = "!="
    MATCHES = "|~"
    MATCHES_NOT = "!~"


@dataclass(frozen=True)
class Matcher:
    """One condition of a stream selector; the operator is one of = != =~ !~."""

    label: str
    op: str
    value: str


@dataclass(frozen=True)
class LineFilter:
    """A condition on the line; several texts are alternatives."""

    op: LineOp
    texts: tuple[str, ...]


class Parser(StrEnum):
    """The stages that make labels of a line."""

    JSON = "json"
    LOGFMT = "logfmt"


@dataclass(frozen=True)
class LabelFilter:
    """A condition on a label: text operators with a string, comparisons with a number (durations in seconds)."""

    label: str
    op: str
    value: str | float


@dataclass(frozen=True)
class Both:
    """Two label filters that have to hold together."""

    left: Condition
    right: Condition


@dataclass(frozen=True)
class Either:
    """Two label filters of which one has to hold."""

    left: Condition
    right: Condition


Condition = LabelFilter | Both | Either


@dataclass(frozen=True)
class Drop:
    """Labels that are taken away."""

    labels: tuple[str, ...]


Stage = LineFilter | Parser | LabelFilter | Both | Either | Drop


@dataclass(frozen=True)
class LogQuery:
    """A stream selector with its pipeline."""

    matchers: tuple[Matcher, ...]
    stages: tuple[Stage, ...] = ()


@dataclass(frozen=True)
class RangeAggregation:
    """A function over the entries of the last `range_ns`."""

    function: str
    query: LogQuery
    range_ns: int


@dataclass(frozen=True)
class VectorAggregation:
    """A function over series, grouped by labels."""

    function: str
    inner: MetricQuery
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Vector:
    """A constant: one series without labels, written vector(…)."""

    value: float


@dataclass(frozen=True)
class Sum:
    """Series added to those with the same labels."""

    left: MetricQuery
    right: MetricQuery


MetricQuery = RangeAggregation | VectorAggregation | Vector | Sum
Query = LogQuery | MetricQuery
