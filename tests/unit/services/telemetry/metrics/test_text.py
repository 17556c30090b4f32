from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.telemetry.metrics.text import Exemplar, bound, label_text, number
from tests.support.exposition import labels_of


@pytest.mark.parametrize(
    ("value", "text"),
    [(1, "1"), (1.5, "1.5"), (1e300, "1e+300"), (math.inf, "+Inf"), (-math.inf, "-Inf"), (math.nan, "NaN")],
)
def test_numbers(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(("value", "text"), [(1, "1.0"), (0.005, "0.005"), (math.inf, "+Inf")])
def test_bounds_are_floats(value: float, text: str) -> None:
    assert bound(value) == text


@given(st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), st.text(st.characters(codec="utf-8"))))
def test_label_values_survive(labels: dict[str, str]) -> None:
    text = label_text(labels)
    assert "\n" not in text
    assert labels_of(text) == labels


def test_an_exemplar() -> None:
    exemplar = Exemplar("ab" * 16, "cd" * 8, 0.25, 1700000000.12345)
    assert str(exemplar) == f' # {{trace_id="{"ab" * 16}",span_id="{"cd" * 8}"}} 0.25 1700000000.123'
