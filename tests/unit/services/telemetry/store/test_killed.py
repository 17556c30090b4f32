"""The service as a process that is killed while it is written to: what it took shortly before may be gone."""

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
from labctl.base.waiting import wait_until
from services.telemetry.store.writer import SETTLE_SECONDS

BATCHES = 40
A_BATCH = 20
SOON_S = 60.0
"""What is taken shows within a second where a core is free."""
RESOURCE = Resource(attributes=[KeyValue(key="service.name", value=AnyValue(string_value="payments"))])


def batch(number: int) -> bytes:
    request = ExportLogsServiceRequest()
    records = request.resource_logs.add(resource=RESOURCE).scope_logs.add().log_records
    for place in range(A_BATCH):
        body = AnyValue(string_value=f"line {number * A_BATCH + place}")
        records.append(LogRecord(time_unix_nano=time.time_ns(), body=body))
    return request.SerializeToString()


def write(port: int, batches: range) -> set[int]:
    """Write batches of lines one after the other, and return the lines' numbers."""
    for number in batches:
        post(port, "/v1/logs", batch(number))
    return {line for number in batches for line in range(number * A_BATCH, (number + 1) * A_BATCH)}


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


def test_what_it_has_shown_is_there_and_only_the_end_is_lost(tmp_path: Path) -> None:
    assert SETTLE_SECONDS <= 1, "so long it waits for more before it writes"
    with running(tmp_path) as (process, port):
        written = write(port, range(BATCHES))
        wait_until(lambda: written <= stored(port), what="all lines", timeout=SOON_S)
        more = write(port, range(BATCHES, 2 * BATCHES))
        shown = stored(port)
        for each in family(process.pid):
            os.kill(each, signal.SIGKILL)
    with running(tmp_path) as (_, port):
        there = stored(port)
    assert written <= shown <= there <= written | more
    # Nothing is missing in the middle: what is lost is the end.
    assert there == set(range(len(there)))
