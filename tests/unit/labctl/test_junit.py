import xml.etree.ElementTree as ET

from labctl.junit import junit
from labctl.signature import Outcome
from tests.support.example_record import RECORD, record

FAILED = record(outcome=Outcome.FAIL, reasons=("no page within 30 s", "'<502>' never held"))
UNKNOWN = record(outcome=Outcome.UNKNOWN, reasons=("no data",))


def parse(*records: object) -> ET.Element:
    return ET.fromstring(junit(records))  # type: ignore[arg-type]  # noqa: S314 - our own text


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
