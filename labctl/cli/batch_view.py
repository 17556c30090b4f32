"""A series of verifications as people read it at a terminal."""

from __future__ import annotations

from typing import Any

from labctl.cli import console, verification_view
from labctl.model.signature import Outcome
from labctl.verify.batch_record import BatchRecord, counted, fault_summary, findings, misdirection
from labctl.verify.confusion import Held
from labctl.verify.margin import LEAST


def show(series: BatchRecord, least: float = LEAST) -> None:
    """Print whatever did not pass in full, a summary when there is more than one run, and margins below `least`."""
    alone = len(series.records) == 1
    for record in series.records:
        if alone or record.outcome is not Outcome.PASS:
            verification_view.show(record)
    if not alone and series.records:
        _faults(series)
        verification_view.summary(series.records)
        _shares(series)
    _margins(series, least)
    _rest(series)


def _faults(series: BatchRecord) -> None:
    console.show()
    console.table(
        ("FAULT", "PASSED", "SYMPTOM", "PAGE", "RECOVERY", "TOTAL", "LOUDEST ANOMALY"),
        (_row(fault, fault_summary(series.of(fault))) for fault in series.faults),
    )


def _row(fault: str, found: dict[str, Any]) -> tuple[object, ...]:
    loudest = found["loudest"]
    times = (f"{each['median']:.1f} s" if each else "never" for each in found["seconds"].values())
    where = f"{loudest['component']}: {loudest['signal']}" if loudest else None
    return fault, f"{found['passed']} of {found['runs']}", *times, where


def _shares(series: BatchRecord) -> None:
    found = misdirection(series)
    pairs = [(record, name) for record in series.records for name, held in record.matrix.items() if held is Held.YES]
    confused = sum(name != record.fault for record, name in pairs)
    console.show(f"\nsignatures that held under another fault: {confused}")
    if found["share"] is not None:
        console.show(f"the overview's loudest anomaly away from the root cause: {found['share']:.0%} of the faults")


def _margins(series: BatchRecord, least: float) -> None:
    """Print what a faster or slower host could make of the symptoms that were seen here."""
    for fault, said in findings(series, least).items():
        for each in dict.fromkeys(said):
            console.show(f"narrow margin, {fault}: {each}")


def _rest(series: BatchRecord) -> None:
    if series.not_run:
        console.show(f"\nnot run, so unknown: {counted(series.not_run)}")
        for fault, reason in series.why_not.items():
            console.show(f"  {fault}: {reason}")
    if series.soak_not_run:
        console.show("the soak was not run, so unknown")
    if series.soak:
        console.show(f"\nsoak of {series.soak.seconds / 60:.0f} minutes: {series.soak.outcome}")
        for reason in series.soak.reasons:
            console.show(f"  {reason}")
