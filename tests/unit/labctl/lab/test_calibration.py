from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.base.errors import EngineError, LabStateError
from labctl.catalogue import probe_queries
from labctl.docker.postgres_server import PostgresServer
from labctl.lab import calibration
from labctl.lab.calibration import MOST_SPEED, REFERENCE_SCAN_MS, TRIES, Calibration, measure, scaled
from labctl.lab.lab import Lab
from tests.support.fake_host import FakeHost, explained
from tests.support.fake_lab import FakeStack, make_lab
from tests.support.fake_metrics import FakeMetrics, Signal, steady


class Metrics(FakeMetrics):
    """Answers what is asked of statements and of requests, whatever the query's details are."""

    def __init__(self, statement_ms: float | None, request_ms: float | None) -> None:
        super().__init__({})
        self.figures = {"db_client_operation": statement_ms, "container_cpu_usage": request_ms}

    def scalar(self, promql: str, at: float | None = None) -> float | None:
        self.asked.append(promql)
        (found,) = (value for part, value in self.figures.items() if part in promql)
        return found


@dataclass(frozen=True)
class Printing(FakeHost):
    """Its psql prints as told, whatever it is asked."""

    text: str = ""

    def exec(self, container: str, *command: str, stdin: str | None = None, **_: Any) -> str:
        return self.text


def measured(printed: str) -> Calibration:
    return measure(PostgresServer(Printing(text=printed), "id"), Metrics(None, None))


def server(scan_ms: float = 9.0) -> PostgresServer:
    return PostgresServer(FakeHost(scan_ms=scan_ms), "id")


def test_a_host_as_fast_as_the_reference() -> None:
    found = measure(server(REFERENCE_SCAN_MS), Metrics(1.25, 22.0))
    assert found == Calibration(REFERENCE_SCAN_MS, 1.25, 22.0)
    assert found.speed == 1


@pytest.mark.parametrize(("scan_ms", "speed"), [(REFERENCE_SCAN_MS / 2, 2.0), (REFERENCE_SCAN_MS * 4, 0.25)])
def test_speed_is_in_multiples_of_the_reference(scan_ms: float, speed: float) -> None:
    assert measure(server(scan_ms), Metrics(None, None)).speed == pytest.approx(speed)


def test_it_is_measured_several_times_on_one_core_and_without_an_index() -> None:
    host = FakeHost()
    measure(PostgresServer(host, "id"), Metrics(None, None))
    (script,) = host.scripts
    assert len(re.findall(r"^EXPLAIN \(ANALYZE, TIMING OFF, FORMAT JSON\)", script, re.MULTILINE)) == TRIES > 1
    for each in ("max_parallel_workers_per_gather = 0", "enable_indexscan = off", "enable_indexonlyscan = off"):
        assert f"SET {each};" in script


@given(st.lists(st.floats(0.5, 500), min_size=1, max_size=12), st.integers(1, 2_000_000))
def test_the_quickest_try_counts_by_the_rows_that_it_read(tries: list[float], rows: int) -> None:
    printed = "".join(explained(each, rows) for each in tries)
    assert measured(printed).scan_ms == pytest.approx(min(tries), abs=0.001)


def test_words_around_the_plans_are_not_plans() -> None:
    printed = f"SET\n{explained(7.0)}NOTICE\n\n{explained(8.0)}"
    assert measured(printed).scan_ms == 7


def test_rows_that_were_found_were_read_too() -> None:
    scan = {"Node Type": "Seq Scan", "Actual Rows": 50_000.0, "Actual Loops": 1, "Rows Removed by Filter": 150_000}
    text = json.dumps([{"Plan": {"Node Type": "Aggregate", "Plans": [scan]}, "Execution Time": 20.0}])
    assert measured(text).scan_ms == 10
    bare = json.dumps(
        [{"Plan": {"Node Type": "Seq Scan", "Actual Rows": 50_000, "Actual Loops": 2}, "Execution Time": 20.0}]
    )
    assert measured(bare).scan_ms == 20


@pytest.mark.parametrize("printed", ["", "SET\n", "[]\n", explained(9.0, rows=0)])
def test_a_database_without_payments_is_told(printed: str) -> None:
    with pytest.raises(LabStateError, match="no payments to read") as caught:
        measured(printed)
    assert "labctl up" in caught.value.todo


def test_a_database_that_refuses_is_told() -> None:
    with pytest.raises(EngineError):
        measure(PostgresServer(FakeHost(refuses={"exec"}), "id"), Metrics(None, None))


@pytest.mark.parametrize("value", [None, math.nan, math.inf])
def test_what_nobody_asks_for_costs_nothing_that_is_known(value: float | None) -> None:
    found = measure(server(), Metrics(value, value))
    assert (found.statement_ms, found.request_ms) == (None, None)


def test_a_ratio_is_asked_for_in_milliseconds_over_the_last_seconds() -> None:
    metrics = Metrics(1.0, 1.0)
    measure(server(), metrics)
    assert len(metrics.asked) == 2
    for query in metrics.asked:
        assert probe_queries.flaws(query) == []
        assert query.startswith("1000 * ")
        assert set(re.findall(r"\[(.*?)\]", query)) == {f"{calibration.WINDOW_S}s"}


def test_figures_are_found_by_their_whole_query() -> None:
    metrics = Metrics(1.0, 1.0)
    measure(server(), metrics)
    known: dict[str, Signal] = {query: steady(2.5) for query in metrics.asked}
    assert measure(server(), FakeMetrics(known)).document()["statement_ms"] == 2.5


costs = st.floats(0.01, 1_000).map(lambda each: round(each, 3))


@given(costs, st.none() | costs, st.none() | costs)
def test_a_document_comes_back_as_it_was(scan: float, statement: float | None, request: float | None) -> None:
    made = Calibration(scan, statement, request)
    document = json.loads(json.dumps(made.document()))
    assert Calibration.from_document(document) == made
    assert document["speed"] == round(made.speed, 3)


@given(st.integers(0, 10**7), st.floats(0.001, 100))
def test_what_is_scaled_never_gets_less_and_stays_within_bounds(amount: int, speed: float) -> None:
    assert amount <= scaled(amount, speed) <= amount * MOST_SPEED


@given(st.integers(0, 10**7), st.floats(1, MOST_SPEED))
def test_twice_as_fast_takes_twice_as_much(amount: int, speed: float) -> None:
    assert scaled(amount, speed) == pytest.approx(amount * speed, abs=0.5)


@given(st.integers(0, 10**7), st.floats(0.001, 1))
def test_a_slower_host_gets_what_the_reference_gets(amount: int, speed: float) -> None:
    assert scaled(amount, speed) == amount


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Lab, FakeStack]:
    return make_lab("lab", tmp_path, monkeypatch)


def calibrated(lab: Lab) -> Calibration:
    return calibration.calibrate(lab.store, lab.database.server, lab.metrics)


def test_what_things_cost_is_measured_once_and_kept(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    assert (calibration.known(lab.store), lab.speed) == (None, None)
    found = calibrated(lab)
    assert calibration.known(lab.store) == found
    assert lab.speed == found.speed == 1
    scripts = len(stack.docker.scripts)
    assert calibrated(lab) == found
    assert len(stack.docker.scripts) == scripts


def test_measuring_changes_nothing_else_of_the_record(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    before = lab.record
    calibrated(lab)
    assert replace(lab.record, calibration=None) == before


def test_a_database_that_cannot_be_measured_leaves_the_record_as_it_was(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    before = lab.record
    stack.docker.refuses.add("exec")
    with pytest.raises(EngineError):
        calibrated(lab)
    assert lab.record == before
