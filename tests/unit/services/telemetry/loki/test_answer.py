from __future__ import annotations

import json
from typing import Any

import pytest

from services.telemetry.loki import answer
from services.telemetry.loki.entry import Entry

SECOND = 10**9


def streams(categorize: bool) -> dict[str, Any]:
    written: dict[str, Any] = json.loads("".join(answer.streams(entries(), categorize=categorize)))
    return written


def entries() -> list[Entry]:
    stream = {"service_name": "payments"}
    found = [Entry(2, "b", stream, lambda: {"trace_id": "t"}), Entry(1, "a", stream, lambda: {"trace_id": "t"})]
    for entry in found:
        entry.add("status", "500")
    return [*found, Entry(0, "c", stream)]


def test_entries_by_all_their_labels() -> None:
    data = streams(categorize=False)["data"]
    assert data["resultType"] == "streams"
    assert "encodingFlags" not in data
    assert data["result"] == [
        {
            "stream": {"service_name": "payments", "status": "500", "trace_id": "t"},
            "values": [["2", "b"], ["1", "a"]],
        },
        {"stream": {"service_name": "payments"}, "values": [["0", "c"]]},
    ]
    assert data["stats"]["summary"]["totalLinesProcessed"] == 3


def test_categorized_entries_are_one_stream() -> None:
    data = streams(categorize=True)["data"]
    assert data["encodingFlags"] == ["categorize-labels"]
    (stream,) = data["result"]
    assert stream["stream"] == {"service_name": "payments"}
    assert stream["values"][0] == ["2", "b", {"structuredMetadata": {"trace_id": "t"}, "parsed": {"status": "500"}}]
    assert stream["values"][2] == ["0", "c", {}]


def test_a_matrix_leaves_out_what_has_no_value() -> None:
    series = {(("a", "b"),): {0: 1.0, 2: 2.5}, (("a", "c"),): {}}
    data = answer.matrix(series, [10 * SECOND, 20 * SECOND, 30 * SECOND])["data"]
    assert data["resultType"] == "matrix"
    assert data["result"] == [{"metric": {"a": "b"}, "values": [[10.0, "1"], [30.0, "2.5"]]}]


@pytest.mark.parametrize(("value", "shown"), [(105.0, "105"), (0.25, "0.25"), (float("inf"), "+Inf"), (7, "7")])
def test_values_are_written_as_go_writes_them(value: float, shown: str) -> None:
    assert answer.vector([({"a": "b"}, value)], 5 * SECOND)["data"]["result"] == [
        {"metric": {"a": "b"}, "value": [5.0, shown]}
    ]


def test_an_answer_that_is_too_large_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer, "MAX_CHARACTERS", 70)
    cut = streams(categorize=False)
    assert cut["warnings"] == ["cut at 1 lines: the answer is too large; narrow the query by time, service or text"]
    assert [len(stream["values"]) for stream in cut["data"]["result"]] == [1]
    assert "warnings" not in json.loads("".join(answer.streams(entries()[2:], categorize=False)))
