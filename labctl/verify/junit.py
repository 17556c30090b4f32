"""A batch of verifications as JUnit XML, which every CI reads: fail is a failure, unknown and not run are errors."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter

from labctl.base.times import iso
from labctl.model.signature import Outcome
from labctl.verify.batch_record import BatchRecord
from labctl.verify.soak import Soak
from labctl.verify.verification_record import Record, markdown

SUITE = "labctl verify"
_ELEMENTS = {Outcome.FAIL: "failure", Outcome.UNKNOWN: "error"}


def junit(batch: BatchRecord) -> str:
    """Return one test suite with a test case per verification, made or not, and one for the soak."""
    cases = _verifications(batch)
    cases += [_missing("soak")] if batch.soak_not_run else [_soak(batch.soak)] if batch.soak else []
    suite = ET.Element("testsuite", _attributes(batch, cases))
    suite.extend(cases)
    ET.indent(suite)
    return ET.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def _attributes(batch: BatchRecord, cases: list[ET.Element]) -> dict[str, str]:
    return {
        "name": SUITE,
        "tests": str(len(cases)),
        "failures": str(sum(each.find("failure") is not None for each in cases)),
        "errors": str(sum(each.find("error") is not None for each in cases)),
        "time": f"{sum(float(each.attrib['time']) for each in cases):.3f}",
        "timestamp": iso(batch.records[0].started_at) if batch.records else "",
    }


def _verifications(batch: BatchRecord) -> list[ET.Element]:
    """Return a case per verification, numbered where a fault has several."""
    counts = Counter([each.fault for each in batch.records] + list(batch.not_run))
    seen: Counter[str] = Counter()

    def name(fault: str) -> str:
        seen[fault] += 1
        return fault if counts[fault] == 1 else f"{fault} [{seen[fault]}]"

    made = [_made(each, name(each.fault)) for each in batch.records]
    return made + [_missing(name(fault), batch.why_not.get(fault, "")) for fault in batch.not_run]


def _made(record: Record, name: str) -> ET.Element:
    case = _case(name, record.timing.total_s, record.outcome, record.reasons)
    ET.SubElement(case, "system-out").text = markdown(record)
    return case


def _missing(name: str, reason: str = "") -> ET.Element:
    return _case(name, 0.0, Outcome.UNKNOWN, (f"not run: {reason}" if reason else "not run",))


def _soak(soak: Soak) -> ET.Element:
    return _case("soak", soak.seconds, soak.outcome, soak.reasons)


def _case(name: str, seconds: float, outcome: Outcome, reasons: tuple[str, ...]) -> ET.Element:
    case = ET.Element("testcase", name=name, classname=SUITE, time=f"{seconds:.3f}")
    if outcome in _ELEMENTS:
        problem = ET.SubElement(case, _ELEMENTS[outcome], message="; ".join(reasons))
        problem.text = "\n".join(reasons)
    return case
