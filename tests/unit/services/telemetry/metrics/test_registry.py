from __future__ import annotations

from collections.abc import Callable

import pytest

from services.telemetry.metrics import registry as module
from services.telemetry.metrics.exposition import render
from services.telemetry.metrics.registry import NO_RECORDED_VALUE, Registry
from tests.support.exposition import Page, read
from tests.support.otlp import counter, exemplar, gauge, histogram, metrics, number, observed


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def registry(clock: Clock) -> Registry:
    return Registry(10, clock)


@pytest.fixture
def page(registry: Registry) -> Callable[[], Page]:
    return lambda: read(render(registry.snapshot(exemplars=True), openmetrics=True), openmetrics=True)


def test_nothing_is_an_empty_page(page: Callable[[], Page]) -> None:
    assert page() == Page()


def test_identity_becomes_labels(registry: Registry, page: Callable[[], Page]) -> None:
    registry.accept(metrics(gauge("depth", number(3, {"queue": "a"})), service_version="2.14.0"))
    (sample,) = [sample for sample in page().samples if sample.name == "depth"]
    assert sample.labels == {"job": "payments", "instance": "one", "service_version": "2.14.0", "queue": "a"}


def test_a_namespace_is_part_of_the_job(registry: Registry, page: Callable[[], Page]) -> None:
    registry.accept(metrics(gauge("depth", number(3)), service_namespace="shop"))
    assert page().value("depth", job="shop/payments") == 3


def test_the_other_resource_attributes_are_target_info(registry: Registry, page: Callable[[], Page]) -> None:
    registry.accept(metrics(gauge("depth", number(3)), service_version="2.14.0", host_name="h1"))
    (sample,) = [sample for sample in page().samples if sample.name == "target_info"]
    assert sample.labels == {"job": "payments", "instance": "one", "service_version": "2.14.0", "host_name": "h1"}


def test_the_last_point_of_every_series_counts(registry: Registry, page: Callable[[], Page]) -> None:
    for hits in (1, 5):
        registry.accept(metrics(counter("hits", number(hits, {"r": "hit"}), number(hits * 2, {"r": "miss"}))))
    assert page().value("hits_total", r="hit") == 5
    assert page().value("hits_total", r="miss") == 10
    assert registry.sizes() == (1, 2)


def test_a_series_that_begins_later_reads_as_zero_once(registry: Registry, page: Callable[[], Page]) -> None:
    registry.accept(metrics(counter("hits", number(7, {"r": "hit"}))))
    assert page().value("hits_total", r="hit") == 7
    registry.accept(
        metrics(
            counter("hits", number(2, {"r": "miss"})), histogram("wait", observed([0, 3, 0])), gauge("depth", number(4))
        )
    )
    first = page()
    assert (first.value("hits_total", r="miss"), first.value("hits_total", r="hit")) == (0, 7)
    assert first.values("wait_seconds_bucket") == [0, 0, 0]
    assert first.values("wait_seconds_count") == [0]
    assert first.value("depth") == 4
    second = page()
    assert second.value("hits_total", r="miss") == 2
    assert second.values("wait_seconds_count") == [3]


def test_whoever_else_looks_takes_no_zero_away(registry: Registry, page: Callable[[], Page]) -> None:
    registry.accept(metrics(counter("hits", number(7, {"r": "hit"}))))
    registry.accept(metrics(counter("hits", number(2, {"r": "miss"}))))
    plain = read(render(registry.snapshot(exemplars=False), openmetrics=False), openmetrics=False)
    assert plain.value("hits_total", r="miss") == 2
    assert page().value("hits_total", r="miss") == 0


def test_what_an_instance_begins_with_may_be_old_and_is_no_rise(
    registry: Registry, page: Callable[[], Page], clock: Clock
) -> None:
    for _ in range(2):
        registry.accept(metrics(counter("hits", number(5000))))
        assert page().value("hits_total") == 5000
        clock.now += 11


def test_two_instances_share_a_family(registry: Registry, page: Callable[[], Page]) -> None:
    for instance in ("one", "two"):
        registry.accept(metrics(histogram("wait", observed([1, 0, 0])), instance=instance))
    assert page().values("wait_seconds_count") == [1, 1]


def test_an_instance_that_stops_exporting_vanishes(registry: Registry, page: Callable[[], Page], clock: Clock) -> None:
    registry.accept(metrics(gauge("old", number(1)), instance="one"))
    clock.now += 6
    registry.accept(metrics(gauge("new", number(1)), instance="two"))
    clock.now += 6
    assert {sample.labels["instance"] for sample in page().samples} == {"two"}
    assert "old" not in page().types
    assert registry.sizes() == (1, 1)


def test_a_family_that_vanished_may_come_back_as_another_type(registry: Registry, clock: Clock) -> None:
    registry.accept(metrics(gauge("a", number(1))))
    clock.now += 11
    registry.snapshot(exemplars=False)
    assert registry.accept(metrics(counter("a", number(1)))).accepted == 1


def test_the_first_decides_a_names_type(registry: Registry, page: Callable[[], Page]) -> None:
    outcome = registry.accept(
        metrics(counter("a", number(1)), gauge("a", number(2, {"x": "y"})), gauge("b", number(3)))
    )
    assert (outcome.accepted, outcome.refused) == (2, 1)
    assert "is a counter already" in outcome.reason
    assert page().value("b") == 3


def test_new_bounds_are_a_new_series(registry: Registry, page: Callable[[], Page]) -> None:
    registry.accept(metrics(histogram("wait", observed([1, 0, 0], exemplars=[exemplar(0.05)]))))
    registry.accept(metrics(histogram("wait", observed([4, 5], bounds=[1.0]))))
    assert page().values("wait_seconds_bucket", le="0.1") == []
    assert page().value("wait_seconds_bucket", le="1.0") == 4
    assert registry.sizes() == (1, 1)


def test_a_point_without_a_value_ends_its_series(registry: Registry, page: Callable[[], Page]) -> None:
    registry.accept(metrics(gauge("a", number(1, {"x": "1"}), number(2, {"x": "2"}))))
    registry.accept(metrics(gauge("a", number(0, {"x": "1"}, flags=NO_RECORDED_VALUE))))
    assert page().values("a") == [2]
    assert registry.sizes() == (1, 1)


def test_an_attribute_cannot_hide_who_speaks(registry: Registry, page: Callable[[], Page]) -> None:
    registry.accept(metrics(gauge("a", number(1, {"job": "other"}))))
    assert page().value("a", job="payments", exported_job="other") == 1


def test_the_number_of_series_is_bounded(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_SERIES", 2)
    outcome = registry.accept(metrics(gauge("a", *(number(1, {"x": str(n)}) for n in range(5)))))
    assert (outcome.accepted, outcome.refused, outcome.reason) == (2, 3, "more than 2 series")
    assert registry.accept(metrics(gauge("a", number(9, {"x": "0"})))).accepted == 1


def test_a_service_without_a_name_is_unknown(registry: Registry, page: Callable[[], Page]) -> None:
    batch = metrics(gauge("a", number(1)))
    batch.resource_metrics[0].resource.Clear()
    registry.accept(batch)
    assert page().value("a", job="unknown_service", instance="") == 1
