"""The service as a process that is killed while it is written to: at most its last second is gone."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from pathlib import Path
from urllib.parse import urlencode

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.resource.v1.resource_pb2 import Resource

from bench.store import ask, family, post, running

WRITING_S = 2.5
A_BATCH = 20
KEPT_S = 1.0
RESOURCE = Resource(attributes=[KeyValue(key="service.name", value=AnyValue(string_value="payments"))])


def batch(number: int) -> bytes:
    request = ExportLogsServiceRequest()
    records = request.resource_logs.add(resource=RESOURCE).scope_logs.add().log_records
    for place in range(A_BATCH):
        body = AnyValue(string_value=f"line {number * A_BATCH + place}")
        records.append(LogRecord(time_unix_nano=time.time_ns(), body=body))
    return request.SerializeToString()


def write_until_killed(port: int, pids: list[int]) -> list[float]:
    """Write batch after batch, kill the service in the middle of it; return how old each batch was at that moment."""
    taken: list[float] = []
    began = time.monotonic()
    while time.monotonic() - began < WRITING_S:
        post(port, "/v1/logs", batch(len(taken)))
        taken.append(time.monotonic())
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    now = time.monotonic()
    return [now - each for each in taken]


def stored(port: int) -> set[int]:
    """Return the numbers of the lines that are there."""
    found: set[int] = set()
    end = time.time_ns() + 10**9
    while True:
        query = {"query": '{service_name="payments"}', "limit": 5000, "start": end - 60 * 10**9, "end": end}
        status, text = ask(port, f"/loki/api/v1/query_range?{urlencode(query)}")
        assert status == 200, text
        values = [each for stream in json.loads(text)["data"]["result"] for each in stream["values"]]
        new = {int(re.fullmatch(r"line (\d+)", line)[1]) for _, line, *_ in values} - found  # type: ignore[index]
        if not new:
            return found
        found |= new
        end = min(int(at) for at, *_ in values) + 1


def test_what_was_taken_a_second_before_is_there(tmp_path: Path) -> None:
    with running(tmp_path) as (process, port):
        ages = write_until_killed(port, family(process.pid))
    with running(tmp_path) as (_, port):
        there = stored(port)
    old = [number for number, age in enumerate(ages) if age > KEPT_S]
    assert len(old) > 10
    assert {line for number in old for line in range(number * A_BATCH, (number + 1) * A_BATCH)} <= there
    # Nothing is missing in the middle: what is lost is the end.
    assert there == set(range(len(there)))
