from __future__ import annotations

import pytest

from services.telemetry.counters import LEFT_OUT, Counters
from services.telemetry.fog.level import CLEAR, Level
from services.telemetry.fog.stage import FogStage
from services.telemetry.pipeline import Batch
from tests.support.otlp import counter, logs, metrics, number, record, span, traces


@pytest.mark.parametrize("batch", [traces(span()), logs(record()), metrics(counter("a", number(1)))])
def test_nothing_is_touched_where_it_is_clear(batch: Batch) -> None:
    counts = Counters()
    assert FogStage(lambda: CLEAR, counts)(batch) is batch
    assert counts.total(LEFT_OUT) == 0


def test_a_level_may_concern_one_signal_only() -> None:
    stage = FogStage(lambda: Level(one_trace_in=10), Counters())
    batch = logs(record(trace_id=bytes(16)))
    assert stage(batch) is batch


def test_the_level_may_change_at_any_time() -> None:
    counts = Counters()
    levels = [Level(one_trace_in=10, one_info_line_in=10), CLEAR]
    stage = FogStage(lambda: levels[0], counts)
    batch = traces(span(trace_id=bytes(16)))
    assert not stage(batch).resource_spans[0].scope_spans[0].spans
    assert not stage(logs(record(trace_id=bytes(15) + b"1"))).resource_logs[0].scope_logs[0].log_records
    del levels[0]
    assert stage(batch) is batch
    assert counts.of(LEFT_OUT) == {
        (("reason", "sampling"), ("signal", "traces")): 1,
        (("reason", "sampling"), ("signal", "logs")): 1,
    }
