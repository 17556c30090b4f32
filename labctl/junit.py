"""Verification records as JUnit XML, which every CI reads: fail is a failure, unknown is an error."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from labctl.signature import Outcome
from labctl.times import iso
from labctl.verification_record import Record, markdown

SUITE = "labctl verify"
_ELEMENTS = {Outcome.FAIL: "failure", Outcome.UNKNOWN: "error"}


def junit(records: Sequence[Record]) -> str:
    """Return one test suite with a test case per record."""
    suite = ET.Element("testsuite", _attributes(records))
    for index, record in enumerate(records, start=1):
        suite.append(_case(record, index, len(records)))
    ET.indent(suite)
    return ET.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def _attributes(records: Sequence[Record]) -> dict[str, str]:
    outcomes = [record.outcome for record in records]
    return {
        "name": SUITE,
        "tests": str(len(records)),
        "failures": str(outcomes.count(Outcome.FAIL)),
        "errors": str(outcomes.count(Outcome.UNKNOWN)),
        "time": f"{sum(record.timing.total_s for record in records):.3f}",
        "timestamp": iso(records[0].started_at) if records else "",
    }


def _case(record: Record, index: int, count: int) -> ET.Element:
    name = record.fault if count == 1 else f"{record.fault} [{index}]"
    case = ET.Element("testcase", name=name, classname=SUITE, time=f"{record.timing.total_s:.3f}")
    if record.outcome in _ELEMENTS:
        problem = ET.SubElement(case, _ELEMENTS[record.outcome], message="; ".join(record.reasons))
        problem.text = "\n".join(record.reasons)
    ET.SubElement(case, "system-out").text = markdown(record)
    return case
