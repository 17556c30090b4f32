from __future__ import annotations

import pytest
from opentelemetry.proto.metrics.v1 import metrics_pb2 as otlp

from services.telemetry.metrics.family import Family, Kind, UnsupportedMetricError, family_of
from tests.support.otlp import DELTA, counter, gauge, histogram, number, observed


@pytest.mark.parametrize(
    ("metric", "name", "kind"),
    [
        (counter("cache.requests", number(1)), "cache_requests", Kind.COUNTER),
        (counter("pool.used", number(1), monotonic=False), "pool_used", Kind.GAUGE),
        (counter("share", number(1), monotonic=False, unit="1"), "share", Kind.GAUGE),
        (gauge("share", number(1), unit="1"), "share_ratio", Kind.GAUGE),
        (histogram("wait", observed([1, 0, 0])), "wait_seconds", Kind.HISTOGRAM),
    ],
)
def test_kinds_and_names(metric: otlp.Metric, name: str, kind: Kind) -> None:
    family = family_of(metric)
    assert (family.name, family.kind) == (name, kind)


@pytest.mark.parametrize(
    ("metric", "words"),
    [
        (counter("a", temporality=DELTA), "not cumulative"),
        (otlp.Metric(name="a", histogram=otlp.Histogram()), "not cumulative"),
        (otlp.Metric(name="a", exponential_histogram=otlp.ExponentialHistogram()), "kind exponential_histogram"),
        (otlp.Metric(name="a", summary=otlp.Summary()), "kind summary"),
        (otlp.Metric(name="a"), "kind None"),
        (gauge("..."), "no name"),
        (counter("total"), "no name"),
    ],
)
def test_what_cannot_be_exposed(metric: otlp.Metric, words: str) -> None:
    with pytest.raises(UnsupportedMetricError, match=words):
        family_of(metric)


def test_openmetrics_names_the_family_and_its_unit() -> None:
    family = Family("wait_seconds", Kind.COUNTER, "seconds", 'Line one\n"two" \\')
    assert family.sample == "wait_seconds_total"
    assert family.header(openmetrics=True) == (
        "# TYPE wait_seconds counter\n# UNIT wait_seconds seconds\n"
        + r"# HELP wait_seconds Line one\n\"two\" \\"
        + "\n"
    )


def test_plain_text_names_the_sample() -> None:
    assert Family("hits", Kind.COUNTER, help="H").header(openmetrics=False) == (
        "# HELP hits_total H\n# TYPE hits_total counter\n"
    )
    assert "# TYPE target_info gauge" in Family("target", Kind.INFO).header(openmetrics=False)


def test_a_unit_that_the_name_does_not_end_in_is_left_out() -> None:
    assert "UNIT" not in Family("seconds_waited", Kind.GAUGE, "seconds").header(openmetrics=True)
