"""Meters of what the customers' requests do: those that somebody sends to try the API leave no figure but their number.

Whoever tries something out must not move the figures that alerts, dashboards and answers rest on. State (how many
connections there are, what waits) is told whoever caused it; so is what a container uses.
"""

from __future__ import annotations

from collections.abc import Sequence

from opentelemetry import metrics
from opentelemetry.context import Context
from opentelemetry.metrics import CallbackT
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.util.types import Attributes

from services.common import origin

SYNTHETIC = "http.server.synthetic.requests"
"""The counter of the requests themselves: the only one that counts them."""


class CustomersMeterProvider(MeterProvider):
    """The SDK's provider; counters and histograms leave out what happens while somebody's own request is served."""

    def get_meter(
        self, name: str, version: str | None = None, schema_url: str | None = None, attributes: Attributes = None
    ) -> metrics.Meter:
        """Return a meter that does so."""
        return _CustomersMeter(super().get_meter(name, version, schema_url, attributes))


class _CustomersMeter(metrics.Meter):
    def __init__(self, real: metrics.Meter) -> None:
        super().__init__(real.name, real.version, real.schema_url)
        self._real = real

    def create_counter(self, name: str, unit: str = "", description: str = "") -> metrics.Counter:
        real = self._real.create_counter(name, unit, description)
        return real if name == SYNTHETIC else _CustomersCounter(real)

    def create_histogram(
        self,
        name: str,
        unit: str = "",
        description: str = "",
        *,
        explicit_bucket_boundaries_advisory: Sequence[float] | None = None,
    ) -> metrics.Histogram:
        bounds = explicit_bucket_boundaries_advisory
        return _CustomersHistogram(
            self._real.create_histogram(name, unit, description, explicit_bucket_boundaries_advisory=bounds)
        )

    def create_up_down_counter(self, name: str, unit: str = "", description: str = "") -> metrics.UpDownCounter:
        return self._real.create_up_down_counter(name, unit, description)

    def create_observable_counter(
        self, name: str, callbacks: Sequence[CallbackT] | None = None, unit: str = "", description: str = ""
    ) -> metrics.ObservableCounter:
        return self._real.create_observable_counter(name, callbacks, unit, description)

    def create_observable_gauge(
        self, name: str, callbacks: Sequence[CallbackT] | None = None, unit: str = "", description: str = ""
    ) -> metrics.ObservableGauge:
        return self._real.create_observable_gauge(name, callbacks, unit, description)

    def create_observable_up_down_counter(
        self, name: str, callbacks: Sequence[CallbackT] | None = None, unit: str = "", description: str = ""
    ) -> metrics.ObservableUpDownCounter:
        return self._real.create_observable_up_down_counter(name, callbacks, unit, description)


class _CustomersCounter(metrics.Counter):
    def __init__(self, real: metrics.Counter) -> None:
        self._real = real

    def add(self, amount: float, attributes: Attributes = None, context: Context | None = None) -> None:
        if not origin.current():
            self._real.add(amount, attributes, context)


class _CustomersHistogram(metrics.Histogram):
    def __init__(self, real: metrics.Histogram) -> None:
        self._real = real

    def record(self, amount: float, attributes: Attributes = None, context: Context | None = None) -> None:
        if not origin.current():
            self._real.record(amount, attributes, context)
