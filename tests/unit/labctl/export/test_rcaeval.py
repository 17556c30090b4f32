from __future__ import annotations

import csv
import importlib
import warnings
from pathlib import Path

import pytest

from labctl.export import rcaeval
from labctl.export.rcaeval import LOGS, TRACES
from tests.support.example_incident import INJECTED
from tests.support.exporting import ABNORMAL, HOSTILE, NORMAL, MadeUp, example_case


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = rcaeval.write(example_case(), MadeUp(), tmp_path)
    assert rows["data.csv"] == NORMAL.seconds + ABNORMAL.seconds + 1
    return tmp_path


def read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def test_the_metrics_have_a_value_for_every_second_and_service(folder: Path) -> None:
    rows = read(folder / "data.csv")
    assert [float(row["time"]) for row in rows] == [NORMAL.start + second for second in range(len(rows))]
    names = {"risk_cpu", "risk_mem", "risk_workload", "risk_error", "risk_latency-50", "risk_latency-90"}
    assert names <= rows[0].keys()
    assert not [name for name in rows[0] if name.startswith("elsewhere")]
    assert all(float(value) > 0 for row in rows for value in row.values())
    assert (folder / "inject_time.txt").read_text() == f"{INJECTED:.0f}\n"


def test_a_moment_without_a_value_has_the_one_before_it_or_the_first() -> None:
    assert rcaeval._filled([(10.0, 1.0), (12.5, 2.0)], range(9, 15)) == [1.0, 1.0, 1.0, 1.0, 2.0, 2.0]


def test_logs_and_traces_have_the_columns_of_re2(folder: Path) -> None:
    lines, spans = read(folder / "logs.csv"), read(folder / "traces.csv")
    assert (tuple(lines[0]), tuple(spans[0])) == (LOGS, TRACES)
    assert {line["message"] for line in lines} == {HOSTILE}
    assert (lines[-1]["level"], lines[-1]["error"], lines[0]["error"]) == ("ERROR", HOSTILE, "")
    assert int(lines[0]["timestamp"]) == int(NORMAL.start) * 10**9
    assert (spans[-2]["statusCode"], spans[-2]["duration"], spans[-1]["serviceName"]) == ("502", "500000", "risk")
    assert spans[-1]["parentSpanID"] == spans[-2]["spanID"]


def test_baro_reads_it(folder: Path) -> None:
    pytest.importorskip("pandas")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        baro = pytest.importorskip("baro.root_cause_analysis")
        data = importlib.import_module("pandas").read_csv(folder / "data.csv")
        told = int((folder / "inject_time.txt").read_text())
        ranks = baro.robust_scorer(data, inject_time=told)["ranks"]
    assert ranks[0].startswith("risk_")
