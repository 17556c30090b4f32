from __future__ import annotations

import pytest

from services.telemetry.loki.entry import ERROR, Entry
from services.telemetry.loki.metric_parser import parse
from services.telemetry.loki.pipeline import run, selects
from services.telemetry.loki.syntax import LogQuery

LINE = '{"message": "declined by issuer", "status": 502, "took": "1.5s", "path": "/checkouts"}'
STREAM = {"service_name": "payments", "level": "error"}


def query(text: str) -> LogQuery:
    found = parse('{service_name="payments"}' + text)
    assert isinstance(found, LogQuery)
    return found


def passed(text: str, line: str = LINE) -> list[Entry]:
    entry = Entry(1, line, STREAM, lambda: {"trace_id": "abc", "attempt": "3"})
    return list(run(query(text).stages, [entry]))


@pytest.mark.parametrize(
    "text",
    [
        "",
        ' |= "declined"',
        ' != "approved"',
        ' |~ "decl.*issuer"',
        ' !~ "^approved"',
        ' |= "approved" or "declined"',
        ' | trace_id="abc"',
        ' | trace_id!="x"',
        ' | level=~"err.*"',
        ' | level!~"info|warn"',
        " | attempt > 2",
        " | attempt == 3",
        " | json | status >= 500",
        " | json | took > 1s",
        " | json | took < 2s and status = 502",
        ' | json | status < 500 or path="/checkouts"',
        ' | missing=""',
    ],
)
def test_what_passes(text: str) -> None:
    assert len(passed(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        ' |= "Declined"',
        ' != "declined"',
        ' |~ "^declined"',
        ' !~ "decl"',
        ' != "nothing" or "declined"',
        ' | trace_id="ab"',
        ' | level=~"err"',
        " | attempt > 3",
        " | attempt != 3",
        " | status >= 500",
        " | json | status > 502",
        " | json | took <= 1s",
        " | json | status = 502 and took > 2s",
        ' | json | status < 500 or path="/"',
        " | missing > 5",
        ' | missing="x"',
    ],
)
def test_what_does_not(text: str) -> None:
    assert passed(text) == []


def test_comparing_what_is_no_number_keeps_the_entry_and_says_so() -> None:
    (entry,) = passed(" | level > 5")
    assert entry.get(ERROR) == "LabelFilterErr"
    assert passed(' | level > 5 | __error__=""') == []


def test_labels_can_be_dropped() -> None:
    (dropped,) = passed(" | json | drop status, trace_id")
    assert "status" not in dropped.labels()
    assert "trace_id" not in dropped.labels()
    assert dropped.labels()["level"] == "error"


def test_stages_run_in_order() -> None:
    assert passed(" | status = 502 | json") == []
    assert len(passed(' | json | status = 502 |= "issuer"')) == 1


@pytest.mark.parametrize(
    ("selector", "found"),
    [
        ('{service_name="payments"}', True),
        ('{service_name=~"pay"}', False),
        ('{service_name=~"pay.*", level!="info"}', True),
        ('{service_name!~"pay.*", level="error"}', False),
        ('{service_name=~".+", missing=""}', True),
        ('{missing="x"}', False),
    ],
)
def test_streams_are_selected_by_whole_values(selector: str, found: bool) -> None:
    parsed = parse(selector)
    assert isinstance(parsed, LogQuery)
    assert selects(parsed.matchers, STREAM) is found
