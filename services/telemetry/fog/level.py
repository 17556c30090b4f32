"""The levels of fog, as the file names them (compose/config/fog.json), and the one in force."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Restarts:
    """An exporter that is away for `away_s` of every `every_s` seconds: what its service sends meanwhile is lost."""

    service: str
    every_s: float
    away_s: float

    def __post_init__(self) -> None:
        if not 0 < self.away_s < self.every_s:
            raise ValueError("an exporter that restarts is away for more than 0 seconds and less than always")

    def away(self, service: str, now: float) -> bool:
        """Whether this service's exporter is away at `now` (epoch seconds)."""
        return service == self.service and now % self.every_s < self.away_s


@dataclass(frozen=True)
class Level:
    """One level; as it is made without arguments, everything is passed on as it comes."""

    name: str = "clear"
    one_trace_in: int = 1
    """How many traces there are for one that is kept."""
    failed_spans_a_batch: int = 0
    """The room for failed spans in an exporter's queue, a batch; the others are lost. 0: room for all."""
    one_info_line_in: int = 1
    """The same as `one_trace_in`, for lines below a warning that belong to a trace; those that belong to none stay."""
    metrics_every_s: float = 0
    """How far apart the points of a series are; 0: a point a scrape."""
    metrics_late_s: float = 0
    """How old a point is before it can be read."""
    without_label: Mapping[str, str] = field(default_factory=dict)
    """By a metric's name, the attribute over which its series are added up."""
    restarting_exporter: Restarts | None = None
    without_loggers: frozenset[str] = frozenset()
    """The loggers whose lines are left out."""
    errors_only: frozenset[str] = frozenset()
    """The services of which only errors are kept."""
    lines_repeated: Mapping[str, int] = field(default_factory=dict)
    """By service, how often each line is there: its exporter sends them again although they had arrived."""
    context_lost: frozenset[str] = frozenset()
    """The services whose spans and lines begin traces of their own."""
    without_spans_of: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        counts = (self.one_trace_in, self.one_info_line_in, *self.lines_repeated.values())
        if min(counts) < 1 or self.failed_spans_a_batch < 0:
            raise ValueError("of so many, or so often, is a whole number from 1 on; a queue has room for 0 or more")
        if self.metrics_every_s < 0 or self.metrics_late_s < 0:
            raise ValueError("no time is below 0 seconds")

    @property
    def thins_spans(self) -> bool:
        """Whether spans are changed at all."""
        return bool(
            self.one_trace_in > 1
            or self.failed_spans_a_batch
            or self.context_lost
            or self.without_spans_of
            or self.restarting_exporter
        )

    @property
    def thins_lines(self) -> bool:
        """Whether lines are changed, apart from those of loggers that are left out."""
        return bool(
            self.one_info_line_in > 1
            or self.errors_only
            or self.lines_repeated
            or self.context_lost
            or self.restarting_exporter
        )

    def away(self, service: str, now: float) -> bool:
        """Whether a service's exporter is away at `now` (epoch seconds)."""
        return self.restarting_exporter is not None and self.restarting_exporter.away(service, now)


CLEAR = Level()


def parse(text: str) -> Level:
    """Return the level in force. Raises ValueError, KeyError or TypeError for a text that has none."""
    document = json.loads(text)
    name = document["level"]
    return _level(name, document["levels"][name])


_KINDS: Mapping[str, tuple[type, ...]] = {
    "one_trace_in": (int,),
    "failed_spans_a_batch": (int,),
    "one_info_line_in": (int,),
    "metrics_every_s": (int, float),
    "metrics_late_s": (int, float),
    "without_label": (dict, str),
    "restarting_exporter": (dict, str, int, float),
    "without_loggers": (list, str),
    "errors_only": (list, str),
    "lines_repeated": (dict, int),
    "context_lost": (list, str),
    "without_spans_of": (list, str),
}
"""What each value may be; of a table or a list, first that, then what is in it."""


def in_force(level: Level) -> dict[str, Any]:
    """Return a level as the file has it: its name, and the values that are others than those of no fog."""
    values = {key: value for key, value in asdict(level).items() if value != getattr(CLEAR, key)}
    return {"level": level.name, **{key: _listed(value) for key, value in values.items() if key != "name"}}


def _listed(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else value


def _level(name: str, values: Mapping[str, Any]) -> Level:
    if not isinstance(values, dict):
        raise TypeError(f"the level {name} is no table of values")
    for key, value in values.items():
        if not _fits(value, _KINDS[key]):
            raise TypeError(f"{key} of the level {name} can't be {json.dumps(value)}")
    sets = {key: frozenset(value) for key, value in values.items() if isinstance(value, list)}
    restarts = values.get("restarting_exporter")
    return Level(**{**values, **sets, "name": name, "restarting_exporter": Restarts(**restarts) if restarts else None})


def _fits(value: object, kinds: tuple[type, ...]) -> bool:
    # By the exact type: True is an int, too, and no number that anybody meant.
    if kinds[0] not in (dict, list):
        return type(value) in kinds
    if not isinstance(value, kinds[0]):
        return False
    return all(type(each) in kinds[1:] for each in (value.values() if isinstance(value, dict) else value))
