"""Telemetry's own health as metric families, beside those of the instances."""

from __future__ import annotations

from collections.abc import Iterable

from services.telemetry import counters
from services.telemetry.counters import Counters
from services.telemetry.metrics.family import Family, Kind
from services.telemetry.metrics.text import label_text, number


class Own:
    """The families of one telemetry process; `version` and `instance` are its own labels."""

    def __init__(self, counts: Counters, version: str, instance: str) -> None:
        self._counts = counts
        self._labels = {"job": "telemetry", "instance": instance, "service_version": version}

    def counts(self) -> Iterable[tuple[Family, str]]:
        """Every counter, those that are still 0 included."""
        for kind in counters.KINDS:
            family = Family(kind.name, Kind.COUNTER, help=kind.help)
            yield family, "".join(self._line(family, dict(own), n) for own, n in self._counts.of(kind).items())

    def gauge(self, name: str, words: str, value: float) -> tuple[Family, str]:
        """One gauge without labels of its own."""
        family = Family(name, Kind.GAUGE, help=words)
        return family, self._line(family, {}, value)

    def _line(self, family: Family, labels: dict[str, str], value: float) -> str:
        return f"{family.sample}{{{label_text(self._labels | labels)}}} {number(value)}\n"
