"""The lab's metrics as labctl's own probes read them: their windows are as wide as the fog over the lab demands."""

from __future__ import annotations

from labctl.lookups.prometheus import PrometheusClient
from labctl.model.samples import Sample, Series
from labctl.state.fog import FogFile


class MeasuringClient(PrometheusClient):
    """Asks each query with windows that hold enough points; where it is clear, exactly as it is written."""

    def __init__(self, base_url: str, fog: FogFile) -> None:
        super().__init__(base_url)
        self._fog = fog

    def query(self, promql: str, at: float | None = None) -> list[Sample]:
        """Return the instant vector of a probe's query."""
        return super().query(self._fog.cadence.widened(promql), at)

    def query_range(self, promql: str, start: float, end: float, step: float) -> list[Series]:
        """Return the curves of a probe's query."""
        return super().query_range(self._fog.cadence.widened(promql), start, end, step)
