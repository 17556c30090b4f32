from __future__ import annotations

from services.telemetry.otlp.codec import TracesRequest
from services.telemetry.pipeline import Batch, chain, identity
from tests.support.otlp import logs, record, span, traces


def nothing(batch: Batch) -> Batch:
    return type(batch)()


def first_span(batch: Batch) -> Batch:
    if not isinstance(batch, TracesRequest):
        return batch
    kept = TracesRequest()
    kept.CopyFrom(batch)
    del kept.resource_spans[0].scope_spans[0].spans[1:]
    return kept


def test_the_identity_and_no_stage_let_the_same_batch_through() -> None:
    batch = traces(span())
    assert identity(batch) is batch
    assert chain([])(batch) is batch


def test_stages_follow_each_other_and_leave_the_original_alone() -> None:
    batch = traces(span("a"), span("b"))
    assert [s.name for s in chain([first_span])(batch).resource_spans[0].scope_spans[0].spans] == ["a"]
    assert len(batch.resource_spans[0].scope_spans[0].spans) == 2
    assert chain([first_span, nothing])(batch) == TracesRequest()


def test_a_stage_may_care_for_one_signal_only() -> None:
    batch = logs(record())
    assert chain([first_span, identity])(batch) is batch
