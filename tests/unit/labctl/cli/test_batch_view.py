import pytest

from labctl.cli import batch_view
from labctl.model.signature import Outcome
from labctl.verify.batch_record import BatchRecord
from labctl.verify.confusion import Held
from labctl.verify.margin import Margin
from labctl.verify.misdirection import Anomaly
from labctl.verify.soak import Soak
from labctl.verify.verification_record import Timing
from tests.support.example_record import RECORD, record

Said = pytest.CaptureFixture[str]


def shown(batch: BatchRecord, capsys: Said) -> str:
    batch_view.show(batch)
    return capsys.readouterr().out


def test_one_run_is_shown_in_full(capsys: Said) -> None:
    said = shown(BatchRecord((RECORD,)), capsys)
    assert "requests queue" in said
    assert "1 runs" not in said


def test_several_are_summed_up_and_only_what_did_not_pass_is_shown_in_full(capsys: Said) -> None:
    failed = record(fault="other-fault", outcome=Outcome.FAIL, reasons=("no page",), timing=Timing(total_s=9.0))
    said = shown(BatchRecord((RECORD, failed)), capsys)
    assert "other-fault: fail" in said
    assert "example-fault: pass" not in said
    assert "2 runs: 1 pass, 1 fail" in said
    rows = [line.split() for line in said.splitlines()]
    assert ["other-fault", "0", "of", "1", "never", "never", "never", "9.0", "s", "-"] in rows


def test_the_matrix_and_the_misdirection_are_told(capsys: Said) -> None:
    loud = (Anomaly("gateway", "errors", "ratio", 0, 1, 9),)
    row = {"example-fault": Held.YES, "other-fault": Held.YES}
    run = record(matrix=row, anomalies=loud, points_elsewhere=True)
    said = shown(BatchRecord((run, run)), capsys)
    assert "signatures that held under another fault: 2" in said
    assert "away from the root cause: 100% of the faults" in said
    assert "gateway: errors" in said


def test_what_was_not_run_is_told(capsys: Said) -> None:
    said = shown(BatchRecord((RECORD,), not_run=("a", "b"), soak_not_run=True), capsys)
    assert "not run, so unknown: a, b" in said
    assert "the soak was not run" in said


def test_why_a_fault_was_not_run_is_told(capsys: Said) -> None:
    said = shown(BatchRecord((RECORD,), not_run=("a", "b"), why_not={"b": "the host is too fast"}), capsys)
    assert "  b: the host is too fast" in said


def test_a_narrow_margin_is_told_once(capsys: Said) -> None:
    narrow = record(margin=Margin("Slow", 1.5, "Errors", 0.1))
    said = shown(BatchRecord((narrow, narrow)), capsys)
    assert said.count("narrow margin, example-fault: Slow went to 1.50 times its threshold") == 1
    wide = record(margin=Margin("Slow", 3.0, "Errors", 0.1))
    assert "narrow margin" not in shown(BatchRecord((wide, wide)), capsys)


def test_a_soak_alone(capsys: Said) -> None:
    said = shown(BatchRecord(soak=Soak("lab", 20, 60, seconds=60, held={"a": 3.0})), capsys)
    assert "soak of 1 minutes: fail" in said
    assert "the signature of a held in the healthy lab" in said
