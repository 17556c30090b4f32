from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from services.telemetry.fog.level import Level, Restarts
from services.telemetry.fog.lines import thinned, without_loggers
from services.telemetry.fog.sampling import kept
from services.telemetry.otlp.codec import LogsRequest
from services.telemetry.otlp.values import text
from tests.support.otlp import TRACE, logs, record

KEPT = b"\xff" * 16
LOST = bytes(15) + b"\x01"
INFO, WARN, ERROR = 9, 13, 17


def every(batch: LogsRequest) -> list[LogRecord]:
    return [each for group in batch.resource_logs for scope in group.scope_logs for each in scope.log_records]


def said(level: Level, *records: LogRecord, service: str = "payments", now: float = 100.0) -> list[str]:
    batch = logs(*records, service=service)
    before = batch.SerializeToString(deterministic=True)
    left = [text(each.body) for each in every(thinned(batch, level, now, Counter()))]
    assert batch.SerializeToString(deterministic=True) == before
    return left


def test_info_lines_are_sampled_with_their_traces_and_warnings_are_not() -> None:
    lines = [
        record("kept", trace_id=KEPT),
        record("sampled away", trace_id=LOST),
        record("of no request"),
        record("a warning", severity=WARN, trace_id=LOST),
    ]
    assert said(Level(one_info_line_in=10), *lines) == ["kept", "of no request", "a warning"]


@given(st.binary(min_size=16, max_size=16))
def test_of_a_kept_trace_every_line_is_kept(trace_id: bytes) -> None:
    line_kept = said(Level(one_info_line_in=10), record("a", trace_id=trace_id)) == ["a"]
    assert line_kept or not kept(trace_id, 50)


def test_of_some_services_only_errors_are_kept() -> None:
    level = Level(errors_only=frozenset({"payments"}))
    lines = [record("info"), record("warning", severity=WARN), record("error", severity=ERROR)]
    assert said(level, *lines) == ["error"]
    assert said(level, *lines, service="risk") == ["info", "warning", "error"]


def test_a_service_may_send_its_lines_again_and_again() -> None:
    level = Level(lines_repeated={"gateway": 3})
    assert said(level, record("a"), record("b"), service="gateway") == ["a"] * 3 + ["b"] * 3
    assert said(level, record("a"), service="risk") == ["a"]


def test_lines_of_a_service_without_context_belong_to_its_own_traces() -> None:
    level = Level(context_lost=frozenset({"ledger"}))
    (found,) = every(thinned(logs(record(trace_id=TRACE), service="ledger"), level, 100, Counter()))
    assert found.trace_id not in (TRACE, b"")


def test_what_is_lost_is_counted_by_its_reason() -> None:
    lost: Counter[str] = Counter()
    level = Level(
        one_info_line_in=10,
        errors_only=frozenset({"risk"}),
        restarting_exporter=Restarts("gateway", every_s=60, away_s=5),
    )
    for service in ("payments", "risk", "gateway"):
        thinned(logs(record(trace_id=LOST), service=service), level, 601, lost)
    assert lost == {"sampling": 1, "log-level": 1, "exporter-away": 1}


def test_the_lines_of_a_logger_may_be_left_out() -> None:
    batch = logs(record("habit"))
    batch.resource_logs[0].scope_logs.add().log_records.append(record("other"))
    level = Level(without_loggers=frozenset({"app"}))
    assert [text(each.body) for each in every(without_loggers(batch, level))] == ["other"]
    assert without_loggers(batch, Level(without_loggers=frozenset({"nobody"}))) is batch
