"""Verification records as people read them at a terminal."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence

from labctl.base.text import number_of
from labctl.base.units import number, seconds
from labctl.cli import console
from labctl.verify.verification_record import EVIDENCE_HEAD, Record, evidence_rows


def show(record: Record) -> None:
    """Print one record."""
    timing = record.timing
    console.show(f"\n{record.fault}: {record.outcome}")
    for reason in record.reasons:
        console.show(f"  {reason}")
    console.facts(
        {
            "first symptom": seconds(timing.symptom_s),
            "page": f"{seconds(timing.page_s)} ({record.page})" if record.page else seconds(timing.page_s),
            "recovery": seconds(timing.recovery_s),
            "in all": seconds(timing.total_s),
            "symptom": _times(record.margin.symptom if record.margin else None),
            "healthy lab": _times(record.margin.healthy if record.margin else None),
        }
    )
    if record.evidence:
        console.show(f"the evidence in {record.fog} telemetry")
        console.table(EVIDENCE_HEAD, evidence_rows(record))
        return
    console.table(
        ("LINK", "COMPONENT", "AFTER", "MEASURED BY"),
        ((each.claim, each.component, seconds(each.onset_s), each.probe) for each in record.chain),
    )
    console.table(
        ("PROBE", "MUST", "HEALTHY", "BROKEN", "RATIO"),
        (
            (
                each.probe,
                f"{'move' if each.role == 'moves' else 'stay'}: {each.tolerance}",
                number(each.baseline, each.unit),
                number(each.value, each.unit),
                number(each.ratio),
            )
            for each in record.effects
        ),
    )


def _times(level: float | None) -> str:
    return "-" if level is None else f"{level:.2f} times the paging threshold"


def summary(records: Sequence[Record]) -> None:
    """Print how many runs had each outcome, and the spread of their times."""
    outcomes = Counter(str(record.outcome) for record in records)
    runs = number_of(len(records), "run")
    console.show(f"\n{runs}: " + ", ".join(f"{count} {outcome}" for outcome, count in outcomes.items()))
    timings = [record.timing for record in records]
    console.table(
        ("SECONDS", "MEDIAN", "MIN", "MAX"),
        (
            _spread("first symptom", (each.symptom_s for each in timings)),
            _spread("page", (each.page_s for each in timings)),
            _spread("recovery", (each.recovery_s for each in timings)),
            _spread("in all", (each.total_s for each in timings)),
        ),
    )


def _spread(name: str, values: Iterable[float | None]) -> tuple[str, ...]:
    known = [value for value in values if value is not None]
    if not known:
        return name, "-", "-", "-"
    return name, *(f"{value:.1f}" for value in (statistics.median(known), min(known), max(known)))
