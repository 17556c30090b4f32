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
    LIKE = "|>"
    UNLIKE = "!>"


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
class Unwrap:
    """The label whose value counts instead of the line; the conversion is "", duration, duration_seconds or bytes."""

    label: str
    conversion: str = ""


@dataclass(frozen=True)
class LineFormat:
    """A new line, made of texts and of labels' values; a label without a name is the line itself."""

    parts: tuple[tuple[str, str], ...]
    """Pairs of a text and the label behind it."""
    rest: str = ""


Stage = LineFilter | Parser | LabelFilter | Both | Either | Drop | Unwrap | LineFormat


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
    labels: tuple[str, ...] | None = None
    """By which labels it groups; None where it does not."""

    @property
    def unwraps(self) -> bool:
        """Whether it counts values of a label."""
        return any(isinstance(stage, Unwrap) for stage in self.query.stages)


@dataclass(frozen=True)
class Most:
    """The `count` series with the highest (topk) or lowest (bottomk) values, at every moment by itself."""

    function: str
    count: int
    inner: MetricQuery


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


MetricQuery = RangeAggregation | VectorAggregation | Vector | Sum | Most
Query = LogQuery | MetricQuery
