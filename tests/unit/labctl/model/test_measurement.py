import math

import pytest

from labctl.base.errors import CatalogueError
from labctl.model.measurement import MAX_POINTS, Measurement, Window, curve, finite, measure, median
from labctl.model.probe import Probe, at_least, grows
from labctl.model.samples import Series
from tests.support.fake_metrics import FakeMetrics, steady, step_at

ABSOLUTE = Probe("errors", "errors", at_least(5))
RELATIVE = Probe("queries", "queries", grows(2))


class TestWindow:
    def test_both_ends_belong_to_it(self) -> None:
        assert all(Window(10, 20).contains(at) for at in (10, 15, 20))
        assert not any(Window(10, 20).contains(at) for at in (9.9, 20.1))

    def test_never_negative(self) -> None:
        assert Window(20, 10).seconds == 0

    @pytest.mark.parametrize(("seconds", "step"), [(0, 1), (MAX_POINTS, 1), (MAX_POINTS + 1, 2), (MAX_POINTS * 10, 10)])
    def test_step_grows_so_that_a_curve_stays_small(self, seconds: float, step: float) -> None:
        assert Window(0, seconds).step == step


class TestMeasurement:
    def test_baseline_is_the_healthy_median(self) -> None:
        assert Measurement(ABSOLUTE, ((1, 1.0), (2, 100.0), (3, 2.0)), ()).baseline == 2

    def test_no_data_has_no_baseline_and_no_verdict(self) -> None:
        measurement = Measurement(ABSOLUTE, (), ())
        assert measurement.baseline is None
        assert not measurement.known

    def test_verdicts_against_a_fixed_tolerance_need_no_baseline(self) -> None:
        measurement = Measurement(ABSOLUTE, (), ((1, 4.0), (2, 5.0)))
        assert measurement.verdicts(measurement.broken) == {1: False, 2: True}

    def test_verdicts_against_the_baseline(self) -> None:
        measurement = Measurement(RELATIVE, ((1, 10.0),), ((2, 19.0), (3, 20.0)))
        assert measurement.verdicts(measurement.broken) == {2: False, 3: True}

    @pytest.mark.parametrize("healthy", [(), ((1.0, 0.0),)])
    def test_a_ratio_without_a_baseline_is_unknown(self, healthy: tuple[tuple[float, float], ...]) -> None:
        assert not Measurement(RELATIVE, healthy, ((2, 19.0),)).known

    def test_value_after(self) -> None:
        measurement = Measurement(ABSOLUTE, (), ((1, 0.0), (2, 5.0), (3, 7.0), (4, 9.0)))
        assert measurement.value_after(2) == 7
        assert measurement.value_after(5) is None


def test_median_of_nothing_is_none() -> None:
    assert median(()) is None


def test_finite_drops_what_measured_nothing() -> None:
    assert finite([(1, math.nan), (2, 1.0), (3, math.inf)]) == ((2, 1.0),)


def test_curve_takes_whole_seconds_so_that_curves_can_be_joined() -> None:
    points = curve(FakeMetrics({"errors": steady(1)}), ABSOLUTE, Window(10.4, 12.6))
    assert [at for at, _ in points] == [10, 11, 12, 13]


def test_curve_of_missing_telemetry_is_empty() -> None:
    assert curve(FakeMetrics({}), ABSOLUTE, Window(0, 5)) == ()


def test_curve_refuses_several_series() -> None:
    class Two(FakeMetrics):
        def query_range(self, promql: str, start: float, end: float, step: float) -> list[Series]:
            return [Series({"a": "1"}, ()), Series({"a": "2"}, ())]

    with pytest.raises(CatalogueError, match="'errors' yields 2 series"):
        curve(Two({}), ABSOLUTE, Window(0, 5))


def test_measure_asks_for_both_windows() -> None:
    measured = measure(FakeMetrics({"errors": step_at(10, 1, 9)}), [ABSOLUTE], Window(0, 9), Window(10, 12))
    assert measured["errors"].baseline == 1
    assert [value for _, value in measured["errors"].broken] == [9, 9, 9]
