"""A batch of verifications as people read it at a terminal."""

from __future__ import annotations

from typing import Any

from labctl.cli import console, verification_view
from labctl.model.signature import Outcome
from labctl.verify.batch_record import BatchRecord, fault_summary, findings, misdirection, names_with_counts
from labctl.verify.confusion import Held
from labctl.verify.margin import LEAST


def show(batch: BatchRecord, least: float = LEAST) -> None:
    """Print each run that did not pass, a summary when there are several runs, and the margins below `least`."""
    alone = len(batch.records) == 1
    for record in batch.records:
        if alone or record.outcome is not Outcome.PASS:
            verification_view.show(record)
    if not alone and batch.records:
        _faults(batch)
        verification_view.summary(batch.records)
        _shares(batch)
    _margins(batch, least)
    _rest(batch)


def _faults(batch: BatchRecord) -> None:
    console.show()
    console.table(
        ("FAULT", "PASSED", "SYMPTOM", "PAGE", "RECOVERY", "TOTAL", "LOUDEST ANOMALY"),
        (_row(fault, fault_summary(batch.of(fault))) for fault in batch.faults),
    )


def _row(fault: str, found: dict[str, Any]) -> tuple[object, ...]:
    loudest = found["loudest"]
    times = (f"{each['median']:.1f} s" if each else "never" for each in found["seconds"].values())
    where = f"{loudest['component']}: {loudest['signal']}" if loudest else None
    return fault, f"{found['passed']} of {found['runs']}", *times, where


def _shares(batch: BatchRecord) -> None:
    found = misdirection(batch)
    pairs = [(record, name) for record in batch.records for name, held in record.matrix.items() if held is Held.YES]
    confused = sum(name != record.fault for record, name in pairs)
    console.show(f"\nsignatures that held under another fault: {confused}")
    if found["share"] is not None:
        console.show(f"the overview's loudest anomaly away from the root cause: {found['share']:.0%} of the faults")


def _margins(batch: BatchRecord, least: float) -> None:
    """Print the margins that are too narrow for a faster or slower host."""
    for fault, said in findings(batch, least).items():
        for each in dict.fromkeys(said):
            console.show(f"narrow margin, {fault}: {each}")


def _rest(batch: BatchRecord) -> None:
    if batch.not_run:
        console.show(f"\nnot run, so unknown: {names_with_counts(batch.not_run)}")
        for fault, reason in batch.why_not.items():
            console.show(f"  {fault}: {reason}")
    if batch.soak_not_run:
        console.show("the soak was not run, so unknown")
    if batch.soak:
        console.show(f"\nsoak of {batch.soak.seconds / 60:.0f} minutes: {batch.soak.outcome}")
        for reason in batch.soak.reasons:
            console.show(f"  {reason}")
