"""The signals that a fault names as its evidence: where somebody who looks finds what shows the root cause.

A signal tells one or more words of the root cause. It speaks against every answer that has another word in the place of
one of them: a setting's change speaks against a release, a query that got slow against a slow network.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from labctl.model.probe import Probe
from labctl.model.vocabulary import Component, Mechanism, Trigger

Word = Component | Trigger | Mechanism


class Kind(StrEnum):
    """What is looked at."""

    METRIC = "metric"
    LOG = "log"
    TRACE = "trace"
    CHANGE = "change"
    SQL = "sql"


@dataclass(frozen=True)
class Metric:
    """A probe that moves."""

    place: Component
    probe: Probe
    tells: frozenset[Word]
    kind: ClassVar[Kind] = Kind.METRIC

    @property
    def name(self) -> str:
        """What it is, in a few words."""
        return self.probe.name


@dataclass(frozen=True)
class Lines:
    """Log lines of a service that match a regular expression."""

    place: Component
    pattern: str
    tells: frozenset[Word]
    kind: ClassVar[Kind] = Kind.LOG

    @property
    def name(self) -> str:
        """What it is, in a few words."""
        return f"{self.place}: lines with /{self.pattern}/"


@dataclass(frozen=True)
class Spans:
    """Traces with a span of a service whose name has `operation` in it, that failed, or that took so long."""

    place: Component
    operation: str
    tells: frozenset[Word]
    min_ms: float | None = None
    failed: bool = False
    kind: ClassVar[Kind] = Kind.TRACE

    @property
    def name(self) -> str:
        """What it is, in a few words."""
        how = [f"over {self.min_ms:g} ms" if self.min_ms else "", "failed" if self.failed else ""]
        return " ".join(filter(None, (f"{self.place}: spans", self.operation, *how)))


@dataclass(frozen=True)
class Entry:
    """An entry of the change feed whose values or difference match a regular expression."""

    place: Component
    pattern: str
    tells: frozenset[Word]
    kind: ClassVar[Kind] = Kind.CHANGE

    @property
    def name(self) -> str:
        """What it is, in a few words."""
        return f"{self.place}: a change with /{self.pattern}/"


@dataclass(frozen=True)
class Rows:
    """A statement that yields one number; the probe's query is SQL."""

    place: Component
    probe: Probe
    tells: frozenset[Word]
    kind: ClassVar[Kind] = Kind.SQL

    @property
    def name(self) -> str:
        """What it is, in a few words."""
        return self.probe.name


Signal = Metric | Lines | Spans | Entry | Rows


def metric(place: Component, probe: Probe, *tells: Word) -> Metric:
    """Return the signal that a probe moves."""
    return Metric(place, probe, frozenset(tells))


def lines(place: Component, pattern: str, *tells: Word) -> Lines:
    """Return the signal that a service writes more lines that match."""
    return Lines(place, pattern, frozenset(tells))


def spans(place: Component, operation: str, *tells: Word, min_ms: float | None = None, failed: bool = False) -> Spans:
    """Return the signal that there are more such spans."""
    return Spans(place, operation, frozenset(tells), min_ms, failed)


def entry(place: Component, pattern: str, *tells: Word) -> Entry:
    """Return the signal that the feed has such an entry about a component."""
    return Entry(place, pattern, frozenset(tells))


def rows(place: Component, probe: Probe, *tells: Word) -> Rows:
    """Return the signal that the database answers a statement otherwise than before."""
    return Rows(place, probe, frozenset(tells))


def speaks_against(signal: Signal, words: Iterable[Word]) -> bool:
    """Whether an answer of these words has another one than those of its kind that the signal tells."""
    for word in words:
        told = {each for each in signal.tells if type(each) is type(word)}
        if told and word not in told:
            return True
    return False


def independent(one: Signal, other: Signal) -> bool:
    """Whether two signals come from different sources: of different kinds, or seen in different places."""
    return one.kind is not other.kind or one.place is not other.place
