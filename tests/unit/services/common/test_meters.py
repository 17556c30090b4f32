from __future__ import annotations

import pytest
from opentelemetry.sdk.metrics.export import InMemoryMetricReader, NumberDataPoint

from services.common import origin
from services.common.meters import SYNTHETIC, CustomersMeterProvider
from services.common.telemetry import VIEWS


class Told:
    """A meter, and what its reader has."""

    def __init__(self) -> None:
        self.reader = InMemoryMetricReader()
        self.meter = CustomersMeterProvider([self.reader], views=VIEWS, shutdown_on_exit=False).get_meter("services")

    def numbers(self) -> dict[str, float]:
        data = self.reader.get_metrics_data()
        assert data
        metrics = [one for each in data.resource_metrics for scope in each.scope_metrics for one in scope.metrics]
        points = {one.name: one.data.data_points for one in metrics}
        return {
            name: sum(each.value if isinstance(each, NumberDataPoint) else each.count for each in found)
            for name, found in points.items()
        }


@pytest.fixture
def told() -> Told:
    return Told()


def test_events_of_somebodys_own_request_leave_no_figure(told: Told) -> None:
    counter, histogram = told.meter.create_counter("some.events"), told.meter.create_histogram("some.duration", "s")
    for whose in ("", origin.TEST, ""):
        token = origin.bind(whose)
        counter.add(1, {"a": "b"})
        histogram.record(0.2, {"a": "b"})
        origin.release(token)
    assert told.numbers() == {"some.events": 2, "some.duration": 2}


def test_how_many_there_were_and_what_state_they_left_is_told(told: Told) -> None:
    requests, places = told.meter.create_counter(SYNTHETIC), told.meter.create_up_down_counter("some.places")
    told.meter.create_observable_gauge("some.gauge", [lambda _: []])
    token = origin.bind(origin.TEST)
    requests.add(1)
    places.add(1)
    origin.release(token)
    assert told.numbers() == {SYNTHETIC: 1, "some.places": 1}


def test_bounds_are_those_of_the_views(told: Told) -> None:
    told.meter.create_histogram("db.some.duration", "s").record(0.2)
    data = told.reader.get_metrics_data()
    assert data
    (point,) = data.resource_metrics[0].scope_metrics[0].metrics[0].data.data_points
    assert point.explicit_bounds[0] == 0.0005  # type: ignore[union-attr]
