from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from google.protobuf.message import Message

from labctl.export import otlp
from services.telemetry.otlp.codec import Encoding, LogsRequest, MetricsRequest, TracesRequest, decode
from services.telemetry.otlp.values import texts
from tests.support.exporting import ABNORMAL, HOSTILE, NORMAL, MadeUp, example_case


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    assert otlp.write(example_case(), MadeUp(), tmp_path) == {
        "normal_traces.jsonl": 2 * NORMAL.seconds,
        "normal_logs.jsonl": NORMAL.seconds,
        "normal_metrics.jsonl": NORMAL.seconds + 2,
        "abnormal_traces.jsonl": 2 * ABNORMAL.seconds,
        "abnormal_logs.jsonl": ABNORMAL.seconds,
        "abnormal_metrics.jsonl": ABNORMAL.seconds + 2,
    }
    return tmp_path


def read(file: Path, message: Message) -> None:
    """Merge all requests of a file, as a receiver of OTLP reads them."""
    for line in file.read_text(encoding="utf-8").split("\n")[:-1]:
        json.loads(line)
        one = type(message)()
        decode(one, Encoding.JSON, line.encode())
        message.MergeFrom(one)


def test_a_receiver_reads_the_spans_back(folder: Path) -> None:
    read(folder / "abnormal_traces.jsonl", found := TracesRequest())
    by_service = {
        texts(group.resource.attributes)["service.name"]: list(group.scope_spans[0].spans)
        for group in found.resource_spans
    }
    assert {service: len(spans) for service, spans in by_service.items()} == {"gateway": 129, "risk": 129}
    root, child = by_service["gateway"][0], by_service["risk"][0]
    assert (root.trace_id, child.parent_span_id) == (child.trace_id, root.span_id)
    assert root.start_time_unix_nano == int(ABNORMAL.start) * 10**9
    assert root.end_time_unix_nano - root.start_time_unix_nano == 500_000_000
    assert (root.kind, root.status.code, root.status.message) == (2, 2, HOSTILE)
    assert texts(root.attributes) == {"http.request.method": "POST", "http.response.status_code": "502"}
    assert (root.events[0].name, texts(root.events[0].attributes)) == ("exception", {"exception.message": HOSTILE})
    assert texts(child.attributes) == {"n": "3", "x": "0.5"}


def test_a_receiver_reads_the_lines_back(folder: Path) -> None:
    read(folder / "normal_logs.jsonl", found := LogsRequest())
    records = found.resource_logs[0].scope_logs[0].log_records
    assert len(records) == NORMAL.seconds
    assert records[0].body.string_value == HOSTILE
    assert records[0].severity_number == 9
    assert texts(records[0].attributes) == {"http_route": "/pay", "attempt": "2", "request_id": "r-1"}
    assert len(records[0].trace_id) == 16
    assert not records[0].span_id


def test_a_receiver_reads_the_points_back(folder: Path) -> None:
    read(folder / "normal_metrics.jsonl", found := MetricsRequest())
    metrics = {each.name: each for group in found.resource_metrics for each in group.scope_metrics[0].metrics}
    queue = metrics["queue"].gauge.data_points
    assert (len(queue), queue[0].as_double, texts(queue[0].attributes)) == (NORMAL.seconds, 10, {"instance": "one"})
    counter = metrics["requests_total"].sum
    assert counter.is_monotonic
    assert math.isnan(counter.data_points[0].as_double)
    assert counter.data_points[1].as_double == 7
