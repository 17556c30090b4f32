import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.model.signature import Outcome
from labctl.verify.batch_record import (
    BatchRecord,
    fault_margin,
    fault_summary,
    findings,
    matrix_row,
    misdirection,
    spread,
)
from labctl.verify.confusion import Held
from labctl.verify.margin import Margin
from labctl.verify.misdirection import Anomaly
from labctl.verify.soak import Soak
from labctl.verify.verification_record import Record, Timing
from tests.support.example_record import RECORD, record

FAILED, UNKNOWN = record(outcome=Outcome.FAIL), record(outcome=Outcome.UNKNOWN)
QUIET = Soak("lab", 20, 60, started_at=0, seconds=60)
LOUD = Anomaly("gateway", "errors", "ratio", 0, 0.2, 41)


@pytest.mark.parametrize(
    ("batch", "outcome"),
    [
        (BatchRecord(), Outcome.PASS),
        (BatchRecord((RECORD, RECORD), soak=QUIET), Outcome.PASS),
        (BatchRecord((RECORD, UNKNOWN)), Outcome.UNKNOWN),
        (BatchRecord((RECORD, UNKNOWN, FAILED)), Outcome.FAIL),
        (BatchRecord((RECORD,), not_run=("other-fault",)), Outcome.UNKNOWN),
        (BatchRecord((RECORD,), soak_not_run=True), Outcome.UNKNOWN),
        (BatchRecord((RECORD,), soak=Soak("lab", 20, 60, seconds=10)), Outcome.UNKNOWN),
        (BatchRecord((RECORD,), soak=Soak("lab", 20, 60, seconds=60, pages=["P"])), Outcome.FAIL),
    ],
)
def test_only_everything_asked_for_is_a_pass(batch: BatchRecord, outcome: Outcome) -> None:
    assert batch.outcome is outcome


def test_the_document_is_json_and_sums_up() -> None:
    slow = record(timing=Timing(7.0, 11.25, None, 50.0))
    batch = BatchRecord((RECORD, slow, record(fault="b")), not_run=("b",), soak_not_run=True, soak=None)
    document = json.loads(json.dumps(batch.to_document()))
    summary = document["summary"]
    assert (summary["runs"], summary["pass"], summary["fail"], summary["unknown"]) == (3, 3, 0, 0)
    assert summary["not_run"] == ["b", "the soak"]
    assert document["faults"]["example-fault"]["seconds"]["page"] == {"median": 10.2, "min": 9.2, "max": 11.2}
    assert list(document["faults"]) == ["example-fault", "b"]
    assert [each["fault"] for each in document["records"]] == ["example-fault", "example-fault", "b"]


def test_a_row_of_the_matrix_counts_runs() -> None:
    runs = [
        record(matrix={"a": Held.YES, "b": Held.NO}),
        record(matrix={"a": Held.YES, "b": Held.UNKNOWN}),
        record(matrix={}),
    ]
    assert matrix_row(runs) == {
        "a": {"yes": 2, "no": 0, "unknown": 0},
        "b": {"yes": 0, "no": 1, "unknown": 1},
    }


def pointing(fault: str, *components: str) -> list[Record]:
    """Return runs of a fault of the gateway in which these components were the loudest."""
    return [
        record(
            fault=fault,
            anomalies=(dataclasses.replace(LOUD, component=each),),
            points_elsewhere=each != "gateway",
            resource_anomalies=(LOUD,),
            resources_point_elsewhere=False,
        )
        for each in components
    ]


def test_a_fault_points_to_the_component_that_is_the_loudest_in_most_of_its_runs() -> None:
    runs = [*pointing("a", "gateway", "risk", "risk"), *pointing("b", "risk", "gateway", "redis", "gateway"), RECORD]
    found = misdirection(BatchRecord(tuple(runs)))
    assert found["points_elsewhere"] == {"a": True, "b": False}
    assert found["share"] == 0.5
    assert found["resources"] == {"points_elsewhere": {"a": False, "b": False}, "share": 0.0}


def test_of_a_component_that_is_the_loudest_by_several_signals_the_most_frequent_is_told() -> None:
    signals = ("errors", "p99", "p99")
    runs = [record(anomalies=(dataclasses.replace(LOUD, signal=each),)) for each in signals]
    other = record(anomalies=(dataclasses.replace(LOUD, component="risk"),))
    assert fault_summary([other, other, *runs])["loudest"] == {"component": "gateway", "signal": "p99"}


def test_a_fault_that_has_nowhere_to_point_is_not_judged() -> None:
    (loud,) = pointing("a", "gateway")
    found = misdirection(BatchRecord((dataclasses.replace(loud, points_elsewhere=None),)))
    assert (found["points_elsewhere"], found["share"]) == ({}, None)


def test_the_loudest_of_a_fault_is_what_was_the_loudest_in_most_of_its_runs() -> None:
    other = dataclasses.replace(LOUD, component="risk")
    runs = [record(anomalies=each, resource_anomalies=(other,)) for each in ((other,), (), (LOUD, other), (LOUD,))]
    assert fault_summary(runs)["loudest"] == {"component": "gateway", "signal": "errors"}
    assert fault_summary(runs)["loudest_resource"] == {"component": "risk", "signal": "errors"}
    assert fault_summary([RECORD])["loudest"] is None


def test_without_a_judged_run_there_is_no_share() -> None:
    assert misdirection(BatchRecord((RECORD,)))["share"] is None


def test_a_margin_of_several_runs_is_the_least_of_the_symptoms_and_the_most_of_the_healthy_labs() -> None:
    margins = (Margin("Slow", 3.0, "Late", 0.1), Margin("Errors", 2.5, "Slow", 0.4), Margin("Late", None, None, None))
    runs = [*(record(margin=each) for each in margins), RECORD]
    assert fault_margin(runs) == {"alert": "Errors", "symptom": 2.5, "nearest": "Slow", "healthy": 0.4}
    assert fault_summary(runs)["margin"] == fault_margin(runs)
    assert set(fault_margin([RECORD]).values()) == {None}


@given(st.lists(st.tuples(st.none() | st.floats(0, 50), st.none() | st.floats(0, 5)), max_size=6))
def test_a_fault_has_a_finding_if_and_only_if_its_margin_is_narrow(
    runs: list[tuple[float | None, float | None]],
) -> None:
    margins = [Margin("Slow", symptom, "Errors", healthy) for symptom, healthy in runs]
    batch = BatchRecord(tuple(record(margin=each) for each in margins))
    assert findings(batch).get("example-fault", []) == [said for each in margins for said in each.findings()]
    assert bool(findings(batch)) == bool(Margin(**fault_margin(batch.records)).findings())


def test_findings_are_told_by_fault_and_those_without_are_left_out() -> None:
    narrow = record(fault="b", margin=Margin("Slow", 1.5, "Errors", 0.1))
    batch = BatchRecord((record(margin=Margin("Slow", 4.0, "Errors", 0.1)), RECORD, narrow, narrow))
    assert findings(batch) == {"b": Margin("Slow", 1.5).findings() * 2}
    assert json.loads(json.dumps(batch.to_document()))["findings"] == findings(batch)


def test_why_a_fault_was_left_out_is_kept() -> None:
    batch = BatchRecord((RECORD,), not_run=("b", "c"), why_not={"b": "the host is too fast"})
    assert batch.to_document()["why_not_run"] == {"b": "the host is too fast"}


def test_a_spread_of_nothing() -> None:
    assert spread([None, None]) is None
