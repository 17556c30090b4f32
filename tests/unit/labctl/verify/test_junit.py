import xml.etree.ElementTree as ET
from typing import Any

from labctl.model.signature import Outcome
from labctl.verify.batch_record import BatchRecord
from labctl.verify.junit import junit
from labctl.verify.soak import Soak
from labctl.verify.verification_record import Record
from tests.support.example_record import RECORD, record

FAILED = record(outcome=Outcome.FAIL, reasons=("no page within 30 s", "'<502>' never held"))
UNKNOWN = record(outcome=Outcome.UNKNOWN, reasons=("no data",))


def parse(*records: Record, **more: Any) -> ET.Element:
    return ET.fromstring(junit(BatchRecord(records, **more)))  # noqa: S314 - our own text


def test_a_suite_counts_its_cases() -> None:
    suite = parse(RECORD, FAILED, UNKNOWN)
    assert suite.attrib["tests"] == "3"
    assert suite.attrib["failures"] == "1"
    assert suite.attrib["errors"] == "1"
    assert suite.attrib["time"] == "142.500"
    assert suite.attrib["timestamp"] == "2023-11-14T22:13:20.000Z"


def test_a_pass_has_no_problem_and_carries_its_record() -> None:
    (case,) = parse(RECORD)
    assert case.attrib["name"] == "example-fault"
    assert case.find("failure") is None
    assert case.find("error") is None
    assert "# example-fault: pass" in (case.findtext("system-out") or "")


def test_fail_is_a_failure_with_its_reasons() -> None:
    (case,) = parse(FAILED)
    failure = case.find("failure")
    assert failure is not None
    assert failure.attrib["message"] == "no page within 30 s; '<502>' never held"


def test_unknown_is_an_error_never_a_pass() -> None:
    (case,) = parse(UNKNOWN)
    assert case.find("error") is not None


def test_repeated_runs_are_told_apart() -> None:
    assert [case.attrib["name"] for case in parse(RECORD, RECORD)] == ["example-fault [1]", "example-fault [2]"]


def test_no_records() -> None:
    assert parse().attrib["tests"] == "0"


def test_only_repeated_faults_are_numbered() -> None:
    other = record(fault="other-fault")
    names = [case.attrib["name"] for case in parse(RECORD, other, RECORD)]
    assert names == ["example-fault [1]", "other-fault", "example-fault [2]"]


def test_what_was_not_run_is_an_error() -> None:
    suite = parse(RECORD, not_run=("example-fault", "other-fault"), soak_not_run=True)
    assert (suite.attrib["tests"], suite.attrib["errors"]) == ("4", "3")
    assert [case.attrib["name"] for case in suite if case.find("error") is not None] == [
        "example-fault [2]",
        "other-fault",
        "soak",
    ]


def test_a_soak_that_fails_is_a_failure() -> None:
    suite = parse(soak=Soak("lab", 20, 60, started_at=0, seconds=60, held={"example-fault": 12.0}))
    assert suite.attrib["failures"] == "1"
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert "the signature of example-fault held in the healthy lab" in failure.attrib["message"]


def test_what_was_left_out_says_why() -> None:
    written = junit(BatchRecord((RECORD,), not_run=("a-fault",), why_not={"a-fault": "the host is too fast"}))
    assert 'message="not run: the host is too fast"' in written
