"""What a metrics server answers: samples, series, alerts, the rules behind them."""

from __future__ import annotations

from dataclasses import dataclass

Labels = dict[str, str]


@dataclass(frozen=True)
class Sample:
    """One value of one series; `at` in epoch seconds. The value may be NaN or infinite."""

    labels: Labels
    value: float
    at: float


@dataclass(frozen=True)
class Series:
    """The points of one series, oldest first: (epoch seconds, value)."""

    labels: Labels
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Alert:
    """An alert that is pending or firing; `active_at` in epoch seconds, when its condition first held."""

    name: str
    state: str
    labels: Labels
    annotations: Labels
    active_at: float


@dataclass(frozen=True)
class Rule:
    """An alerting rule: it fires once `expr` has held for `hold_s` seconds; `labels` are those of its alerts."""

    name: str
    expr: str
    hold_s: float
    labels: Labels
