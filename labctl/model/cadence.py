"""How often a lab's metrics have a point, and how far back a query has to look because of it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

_MATCHERS = r'\{(?:"(?:\\.|[^"\\])*"|[^{}"])*\}'
_RANGE = re.compile(rf"(?P<name>[a-zA-Z_:][\w:]*)(?P<matchers>{_MATCHERS})?\[(?P<seconds>\d+)s\]")
_ALWAYS_FRESH = re.compile(r"client_|stream_|container_|pg_|redis_|endpoint|up\b|ALERTS|scrape_|prometheus_")
"""The metrics that have a point a second under every level of fog: the clients', what alert rules read, and what
Prometheus scrapes from the parts themselves."""
_NAME = re.compile(r"([a-zA-Z_:][\w:]*)[\[{]")
_POINTS = 3
"""A rate needs two points within its window: with room for three, it has them at every moment."""


@dataclass(frozen=True)
class Cadence:
    """Services' metrics have a point every `every_s` seconds, and it can be read `late_s` seconds later.

    With 0 and 0 they have one a second, at once.
    """

    every_s: float = 0.0
    late_s: float = 0.0

    @property
    def lag_s(self) -> float:
        """How much older than usual the newest point that can be read may be, in seconds."""
        return self.every_s + self.late_s

    @property
    def least_window_s(self) -> int:
        """The shortest window over which a rate can be taken at every moment, in seconds."""
        return math.ceil(_POINTS * self.every_s + self.late_s)

    def widened(self, promql: str) -> str:
        """Return a query whose windows hold enough points; the windows over metrics that are always fresh stay."""
        return _RANGE.sub(self._wide, promql) if self.every_s else promql

    def thins(self, promql: str) -> bool:
        """Whether a query reads metrics that have fewer points than a second's, or late ones."""
        return bool(self.every_s or self.late_s) and not all(map(_ALWAYS_FRESH.match, _NAME.findall(promql)))

    def _wide(self, found: re.Match[str]) -> str:
        if _ALWAYS_FRESH.match(found["name"]):
            return found[0]
        seconds = max(int(found["seconds"]), self.least_window_s)
        return f"{found['name']}{found['matchers'] or ''}[{seconds}s]"
