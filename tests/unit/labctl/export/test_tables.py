from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.export.reading import TracedSpan
from labctl.export.tables import line_row, metric_columns, nanoseconds, sample_rows, span_row
from labctl.lookups.logs import LogLine
from labctl.lookups.spans import Span
from labctl.model.samples import Series


@given(st.integers(0, 4_000_000_000_000_000))
def test_moments_are_exact_to_the_microsecond(microseconds: int) -> None:
    assert nanoseconds(microseconds / 1e6) == microseconds * 1000


@pytest.mark.parametrize(
    ("tags", "status", "kind"),
    [
        ({}, "Unset", "Internal"),
        ({"otel.status_code": "OK", "span.kind": "client"}, "Ok", "Client"),
        ({"error": True}, "Error", "Internal"),
    ],
)
def test_a_span(tags: dict[str, str | int | float | bool], status: str, kind: str) -> None:
    row = span_row(TracedSpan("t", Span("s", None, "risk", "GET", 1.5, 0.002, {**tags, "n": 1})))
    assert (row["attr.status_code"], row["attr.span_kind"]) == (status, kind)
    assert (row["time"], row["duration"], row["parent_span_id"]) == (1_500_000_000, 2_000_000, "")
    assert json.loads(str(row["attributes"])) == {"n": 1}


def test_a_line() -> None:
    row = line_row(LogLine(2.0, "warn", "risk", "slow", "r-1", "t", "s", {"a": "b"}))
    assert (row["level"], row["message"], row["time"]) == ("WARN", "slow", 2_000_000_000)
    assert json.loads(str(row["attributes"])) == {"a": "b", "request_id": "r-1"}


def test_samples_have_a_column_a_label() -> None:
    rows = list(
        sample_rows("up", [Series({"__name__": "up", "service": "risk", "job": "x"}, ((1.0, 2.0), (2.0, 3.0)))])
    )
    assert rows[1] == {"time": 2_000_000_000, "metric": "up", "value": 3.0, "service_name": "risk", "attr.job": "x"}
    assert metric_columns(["__name__", "job", "service"]) == ["attr.job"]
