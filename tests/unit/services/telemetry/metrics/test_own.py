from __future__ import annotations

from services.telemetry import counters
from services.telemetry.counters import Counters
from services.telemetry.metrics.exposition import render
from services.telemetry.metrics.own import Own
from tests.support.exposition import read


def test_every_counter_is_there_from_the_start() -> None:
    counts = Counters()
    own = Own(counts, "0.4.0", "here")
    counts.add(counters.DROPPED, 7, signal="logs", reason="queue-full")
    families = [*own.counts(), own.gauge("telemetry_series", "Series.", 12)]
    page = read(render(families, openmetrics=True), openmetrics=True)
    assert page.value("telemetry_dropped_items_total", signal="logs", job="telemetry", instance="here") == 7
    assert page.value("telemetry_received_spans_total", service_version="0.4.0") == 0
    assert page.value("telemetry_series") == 12
    assert len(page.types) == len(counters.KINDS) + 1
