from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.lookups.figures import Summary, json_number, number, series_name, summary
from labctl.model.samples import Series

FINITE = st.floats(allow_nan=False, allow_infinity=False)


def series(*values: float) -> Series:
    return Series({}, tuple((float(at), value) for at, value in enumerate(values)))


def test_gaps_do_not_count() -> None:
    assert summary(series(math.nan, 1, 3, math.nan)) == Summary(1, 2, 3, 3)


@pytest.mark.parametrize("values", [(), (math.nan, math.nan)])
def test_a_curve_without_numbers_comes_to_nothing(values: tuple[float, ...]) -> None:
    assert summary(series(*values)) == Summary(None, None, None, None)


def test_infinities_that_cancel_have_no_mean() -> None:
    assert summary(series(math.inf, -math.inf)) == Summary(-math.inf, None, math.inf, -math.inf)


@given(st.lists(FINITE, min_size=1, max_size=50))
def test_the_mean_lies_between_least_and_greatest(values: list[float]) -> None:
    found = summary(series(*values))

    assert found.min is not None
    assert found.mean is not None
    assert found.max is not None
    assert found.min <= found.mean <= found.max


@pytest.mark.parametrize(
    ("labels", "name"),
    [
        ({"__name__": "up", "job": "risk", "a": "1"}, 'up{a="1", job="risk"}'),
        ({"__name__": "up"}, "up"),
        ({"job": "risk"}, '{job="risk"}'),
        ({}, "{}"),
    ],
)
def test_series_are_spelled_as_in_promql(labels: dict[str, str], name: str) -> None:
    assert series_name(labels) == name


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (300000.0, "300000"),
        (0.1234567, "0.1235"),
        (999.97, "1000"),
        (1234.5678, "1235"),
        (1_764_486_000.5, "1764486000"),
        (1e20, "1e+20"),
        (-0.0, "-0"),
        (math.nan, "nan"),
        (None, "-"),
    ],
)
def test_numbers_are_short(value: float | None, text: str) -> None:
    assert number(value) == text


@given(st.none() | st.floats())
def test_every_number_is_json(value: float | None) -> None:
    json.dumps(json_number(value), allow_nan=False)
    assert len(number(value)) <= 16


@pytest.mark.parametrize(("value", "text"), [(math.nan, "NaN"), (math.inf, "+Inf"), (-math.inf, "-Inf")])
def test_what_json_lacks_is_spelled_as_prometheus_does(value: float, text: str) -> None:
    assert json_number(value) == text
