from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.telemetry.deadline import Deadline, QueryTimeoutError
from services.telemetry.loki import search
from services.telemetry.loki.metric_parser import parse
from services.telemetry.loki.patterns import compile_pattern
from services.telemetry.loki.search import Window, pushed
from services.telemetry.loki.syntax import LogQuery
from services.telemetry.store.reader import Reader
from tests.support.otlp import SPAN, TRACE, logs, record

ALL = '{service_name=~".+"}'
EVER = Window(0, 100)


def query(text: str) -> LogQuery:
    found = parse(text)
    assert isinstance(found, LogQuery)
    return found


@pytest.fixture(autouse=True)
def some_lines(stored: Callable[..., None]) -> None:
    stored(
        logs(
            record("captured", time=10),
            record("declined", time=20, severity=17, trace_id=TRACE, span_id=SPAN),
            record("captured again", time=30),
            service_version="2.14.0",
        ),
        logs(record("assessed", time=25), service="risk", instance="two"),
    )


def lines(reader: Reader, text: str, window: Window = EVER, *, backward: bool = False) -> list[str]:
    with reader.open() as (connection, deadline):
        return [e.line for e in search.entries(connection, query(text), window, deadline, backward=backward)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (ALL, ["captured", "declined", "assessed", "captured again"]),
        ('{service_name="payments"}', ["captured", "declined", "captured again"]),
        ('{level="error"}', ["declined"]),
        ('{detected_level=~"err|error"}', ["declined"]),
        ('{instance="two"}', ["assessed"]),
        (ALL + ' |= "captured" |= "again"', ["captured again"]),
        (ALL + ' |~ "captured|declined" |~ "again|ecl"', ["declined", "captured again"]),
        (ALL + ' |~ "capt.red|x"', ["captured", "captured again"]),
        (ALL + ' |~ "(?i)CAPTURED again"', ["captured again"]),
        (ALL + ' |~ "|x"', ["captured", "declined", "assessed", "captured again"]),
        (ALL + f' | trace_id="{TRACE.hex()}"', ["declined"]),
        (ALL + f' | trace_id=~"{TRACE.hex()[:16]}.*"', ["declined"]),
        (ALL + f' | trace_id=~"{TRACE.hex()}.*"', ["declined"]),
        (ALL + f' | trace_id=~"{"f" * 16}.*"', []),
        (ALL + ' | service_version="2.14.0" | level="info"', ["captured", "captured again"]),
        ('{service_name="nobody"}', []),
    ],
)
def test_what_a_query_finds(reader: Reader, text: str, found: list[str]) -> None:
    assert lines(reader, text) == found


def test_the_window_has_its_start_and_not_its_end(reader: Reader) -> None:
    assert lines(reader, ALL, Window(10, 30), backward=True) == ["assessed", "declined", "captured"]


def test_an_entry_has_all_its_labels(reader: Reader) -> None:
    with reader.open() as (connection, deadline):
        (entry,) = search.entries(connection, query('{level="error"}'), EVER, deadline, backward=True)
    labels = {"service_name": "payments", "level": "error", "detected_level": "error", "instance": "one"}
    assert entry.stream == labels
    assert entry.metadata["service_version"] == "2.14.0"
    assert (entry.metadata["trace_id"], entry.metadata["span_id"]) == (TRACE.hex(), SPAN.hex())


def test_streams_that_have_entries_in_a_window(reader: Reader) -> None:
    with reader.open() as (connection, _):
        found = search.present(connection, (), Window(15, 26))
    assert [(s.labels["service_name"], s.labels["level"]) for s in found] == [("payments", "error"), ("risk", "info")]


def test_sizes_of_streams(reader: Reader) -> None:
    with reader.open() as (connection, _):
        chosen = search.streams(connection, query('{service_name="payments"}').matchers)
        found = search.sizes(connection, chosen, EVER)
    assert sorted(found.values()) == [(1, 8), (2, 22)]


@pytest.mark.parametrize(
    ("stages", "conditions"),
    [
        (' |= "a" | trace_id="t"', [("instr(line, ?) > 0", ("a",)), ("trace_id != '' AND trace_id = ?", ("t",))]),
        (' | json |= "a" | trace_id="t"', []),
        (' |= "a" or "b"', []),
        (' != "a" !~ "b" | x="y" | trace_id!="t"', []),
        (' |~ "b.c" |~ "d|"', [("line_matches(?, line)", ("b.c",)), ("line_matches(?, line)", ("d|",))]),
        (' |~ "b c|d"', [("(instr(line, ?) > 0 OR instr(line, ?) > 0)", ("b c", "d"))]),
        (' |= "" | trace_id=""', []),
        (' | trace_id=~"0a9f.*"', [("trace_id != '' AND trace_id >= ? AND trace_id < ?", ("0a9f", "0a9fg"))]),
        (' | trace_id=~".*"', []),
        (' | trace_id=~"0a.*f"', []),
        (' | trace_id=~"[0a].*"', []),
        (r' |= "a\x00b"', []),
    ],
)
def test_what_sqlite_can_check(stages: str, conditions: list[tuple[str, tuple[str, ...]]]) -> None:
    assert list(pushed(query(ALL + stages).stages)) == conditions


def test_a_search_keeps_its_deadline(reader: Reader) -> None:
    with reader.open() as (connection, _), pytest.raises(QueryTimeoutError):
        list(search.entries(connection, query(ALL), EVER, Deadline(-1), backward=True))


@pytest.mark.parametrize(
    ("stage", "terms"),
    [
        (f'trace_id="{TRACE.hex()}"', "trace_id=?"),
        (f'trace_id=~"{TRACE.hex()[:16]}.*"', "trace_id>? AND trace_id<?"),
    ],
)
def test_the_lines_of_a_trace_are_found_by_its_index(reader: Reader, stage: str, terms: str) -> None:
    stages = query(f"{ALL} | {stage}").stages
    with reader.open() as (connection, _):
        select, parameters = search.selection(search.streams(connection, ()), stages, EVER, backward=True)
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {select}", parameters)]
    assert plan[0] == f"SEARCH logs USING INDEX logs_of_trace ({terms})"


@given(st.text("ab|.é \\x", min_size=1, max_size=6), st.text("ab.é \\x", max_size=8))
def test_a_pattern_that_sqlite_looks_for_is_found_where_it_matches(pattern: str, line: str) -> None:
    texts = search._plain(pattern)
    if texts:
        assert any(text in line for text in texts) == compile_pattern(pattern)(line)
