"""The compatibility specification's rules, on the names that it and the collector use as examples."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.telemetry.metrics.names import label_name, labels_of, metric_name, unit_name


@pytest.mark.parametrize(
    ("name", "unit", "expected"),
    [
        ("http.server.request.duration", "s", "http_server_request_duration_seconds"),
        ("http.server.request.duration", "ms", "http_server_request_duration_milliseconds"),
        ("system.memory.usage", "By", "system_memory_usage_bytes"),
        ("db.client.connection.count", "{connection}", "db_client_connection_count"),
        ("already.seconds", "s", "already_seconds"),
        ("seconds.already.there", "s", "seconds_already_there"),
        ("broken--metric..name", "", "broken_metric_name"),
        ("_leading_and_trailing_", "", "leading_and_trailing"),
        ("1st.metric", "", "_1st_metric"),
        ("rule:sum", "", "rule:sum"),
        ("speed", "km/h", "speed_km_per_hour"),
        ("throughput", "By/s", "throughput_bytes_per_second"),
        ("requests", "{request}/s", "requests_per_second"),
        ("rate", "1/s", "rate_per_second"),
        ("cpu", "%", "cpu_percent"),
        ("odd", "my unit", "odd_my_unit"),
        ("ünicode", "", "nicode"),
        ("...", "s", ""),
    ],
)
def test_plain_metrics(name: str, unit: str, expected: str) -> None:
    assert metric_name(name, unit) == expected


@pytest.mark.parametrize(
    ("name", "unit", "expected"),
    [
        ("cache.requests", "{request}", "cache_requests_total"),
        ("requests.total", "", "requests_total"),
        ("total.requests", "", "requests_total"),
        ("process.cpu.time", "s", "process_cpu_time_seconds_total"),
        ("ratio.counted", "1", "ratio_counted_total"),
    ],
)
def test_counters_end_in_total(name: str, unit: str, expected: str) -> None:
    assert metric_name(name, unit, counter=True) == expected


def test_only_gauges_of_unit_one_are_ratios() -> None:
    assert metric_name("utilization", "1", gauge=True) == "utilization_ratio"
    assert metric_name("ratio.used", "1", gauge=True) == "used_ratio"
    assert metric_name("utilization", "1") == "utilization"


@pytest.mark.parametrize(("unit", "expected"), [("s", "seconds"), ("By/s", "bytes_per_second"), ("{x}", ""), ("1", "")])
def test_units_in_words(unit: str, expected: str) -> None:
    assert unit_name(unit) == expected


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("http.route", "http_route"),
        ("a..b--c", "a_b_c"),
        ("5xx", "key_5xx"),
        ("_private", "_private"),
        ("é", "_"),
        ("", "_"),
    ],
)
def test_labels(key: str, expected: str) -> None:
    assert label_name(key) == expected


def test_values_of_colliding_keys_are_joined_in_the_order_of_the_keys() -> None:
    assert labels_of([("a_b", "2"), ("a.b", "1"), ("c", "3")]) == {"a_b": "1;2", "c": "3"}


@example("0", "1", "counter")
@given(st.text(), st.text() | st.just("1"), st.sampled_from(["counter", "gauge", "neither"]))
def test_every_name_is_valid_or_empty(name: str, unit: str, kind: str) -> None:
    counter = kind == "counter"
    made = metric_name(name, unit, counter=counter, gauge=kind == "gauge")
    assert made == "" or re.fullmatch(r"[a-zA-Z_:][a-zA-Z0-9_:]*", made)
    assert "__" not in made
    assert not counter or made == "" or made.endswith("_total") or made == "total"


@given(st.text())
def test_every_label_is_valid(key: str) -> None:
    assert re.fullmatch(r"[a-zA-Z_][a-zA-Z0-9_]*", label_name(key))
