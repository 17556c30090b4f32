from __future__ import annotations

from bench.otlp_load import Batches
from services.telemetry.otlp.codec import LogsRequest, TracesRequest
from services.telemetry.otlp.values import texts


def test_the_load_has_as_many_spans_and_lines_as_it_says() -> None:
    (_, spans), (_, lines) = Batches(5, 200).next()
    found = TracesRequest.FromString(spans).resource_spans[0].scope_spans[0].spans
    records = LogsRequest.FromString(lines).resource_logs[0].scope_logs[0].log_records
    assert (len(found), len(records)) == (200, 200)
    assert len({each.span_id for each in found}) == 200
    assert {each.trace_id for each in found} == {each.trace_id for each in records}
    assert 300 < found[0].ByteSize() < 800


def test_every_service_sends_in_turn() -> None:
    batches = Batches(3, 1)
    sent = [TracesRequest.FromString(batches.next()[0][1]).resource_spans[0].resource.attributes for _ in range(6)]
    assert len({texts(each)["service.name"] for each in sent}) == 3
