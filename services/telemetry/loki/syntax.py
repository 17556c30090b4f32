"""LogQL's syntax tree, as far as it is understood here."""

from __future__ import annotations

from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class Keep:
    """Labels that are left when all others are taken away."""

    labels: tuple[str, ...]


Stage = LineFilter | Parser | LabelFilter | Both | Either | Drop | Keep


@dataclass(frozen=True)
class LogQuery:
    """A stream selector with its pipeline."""

    matchers: tuple[Matcher, ...]
    stages: tuple[Stage, ...] = ()


@dataclass(frozen=True)
class RangeAggregation:
    """A function over the entries of the last `range_ns` before `offset_ns` ago."""

    function: str
    query: LogQuery
    range_ns: int
    offset_ns: int = 0


@dataclass(frozen=True)
class VectorAggregation:
    """A function over series; `by` groups by the labels, without it by all other labels."""

    function: str
    inner: MetricQuery
    labels: tuple[str, ...] = ()
    by: bool = True


@dataclass(frozen=True)
class Number:
    """A constant: a scalar, or one series without labels when it is written vector(…)."""

    value: float
    vector: bool = False


@dataclass(frozen=True)
class Arithmetic:
    """+ - * / between numbers, or between series with the same labels."""

    op: str
    left: MetricQuery
    right: MetricQuery


MetricQuery = RangeAggregation | VectorAggregation | Number | Arithmetic
Query = LogQuery | MetricQuery


@dataclass(frozen=True)
class Grouping:
    """`by (…)` or `without (…)`."""

    labels: tuple[str, ...] = field(default=())
    by: bool = True
