"""The record of a batch of verifications: its outcome, the confusion matrix, the misdirection, as JSON types."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from labctl.model.signature import Outcome
from labctl.verify.confusion import Held
from labctl.verify.margin import LEAST, Margin
from labctl.verify.misdirection import Anomaly
from labctl.verify.soak import Soak
from labctl.verify.verification_record import Record, Timing

TIMES: dict[str, Callable[[Timing], float | None]] = {
    "symptom": lambda timing: timing.symptom_s,
    "page": lambda timing: timing.page_s,
    "recovery": lambda timing: timing.recovery_s,
    "total": lambda timing: timing.total_s,
}


@dataclass(frozen=True)
class BatchRecord:
    """The verifications of a batch, in the order in which they were made."""

    records: tuple[Record, ...] = ()
    not_run: tuple[str, ...] = ()
    """The fault of each verification that was planned and not made."""
    soak: Soak | None = None
    soak_not_run: bool = False
    why_not: Mapping[str, str] = field(default_factory=dict)
    """Why a fault was left out, by its id; a verification that is still to come has no reason."""

    @property
    def outcome(self) -> Outcome:
        """Fail when anything failed; pass when everything that was planned was made and passed; else unknown."""
        found = [each.outcome for each in self.records]
        found += [self.soak.outcome] if self.soak else []
        if Outcome.FAIL in found:
            return Outcome.FAIL
        unsure = self.not_run or self.soak_not_run or Outcome.UNKNOWN in found
        return Outcome.UNKNOWN if unsure else Outcome.PASS

    @property
    def faults(self) -> list[str]:
        """The ids of the verified faults, each once."""
        return list(dict.fromkeys(each.fault for each in self.records))

    def of(self, fault: str) -> list[Record]:
        """Return the verifications of one fault."""
        return [each for each in self.records if each.fault == fault]

    def to_document(self) -> dict[str, Any]:
        """Return everything as JSON types."""
        return {
            "outcome": str(self.outcome),
            "summary": summary(self),
            **summed_up(self),
            "why_not_run": dict(self.why_not),
            "soak": self.soak.to_document() if self.soak else None,
            "records": [each.to_document() for each in self.records],
        }


def summed_up(batch: BatchRecord) -> dict[str, Any]:
    """Return the sums over all runs: of each fault, the confusion matrix, the misdirection and the findings."""
    return {
        "faults": {fault: fault_summary(batch.of(fault)) for fault in batch.faults},
        "matrix": {fault: matrix_row(batch.of(fault)) for fault in batch.faults},
        "misdirection": misdirection(batch),
        "findings": findings(batch),
    }


def findings(batch: BatchRecord, least: float = LEAST) -> dict[str, list[str]]:
    """Return, by fault, the sentences about margins below `least`; faults without such a margin are left out."""
    narrow = {fault: [_narrow(each, least) for each in batch.of(fault)] for fault in batch.faults}
    return {fault: each for fault, runs in narrow.items() if (each := [said for run in runs for said in run])}


def _narrow(record: Record, least: float) -> list[str]:
    return record.margin.findings(least) if record.margin else []


def summary(batch: BatchRecord) -> dict[str, Any]:
    """Return how many runs had each outcome, which were not run, and the spread of their times."""
    counts = Counter(str(each.outcome) for each in batch.records)
    return {
        "runs": len(batch.records),
        **{str(outcome): counts[outcome] for outcome in Outcome},
        "not_run": [*batch.not_run, *(["the soak"] if batch.soak_not_run else [])],
        "seconds": spreads(batch.records),
    }


def names_with_counts(names: Iterable[str]) -> str:
    """Return the names as text, each once: "a, b (3 times)"."""
    return ", ".join(f"{name} ({times} times)" if times > 1 else name for name, times in Counter(names).items())


def fault_summary(records: Sequence[Record]) -> dict[str, Any]:
    """Return how often one fault passed, its times, and each dashboard's loudest anomaly in most of its runs."""
    return {
        "runs": len(records),
        "passed": sum(each.outcome is Outcome.PASS for each in records),
        "seconds": spreads(records),
        "root_cause": records[0].root_cause,
        "margin": fault_margin(records),
        "loudest": _loudest(each.anomalies for each in records),
        "loudest_resource": _loudest(each.resource_anomalies for each in records),
    }


def fault_margin(records: Sequence[Record]) -> dict[str, Any]:
    """Return one fault's narrowest margin: the lowest symptom of its runs, and the closest that a healthy lab came."""
    known = [each.margin for each in records if each.margin]
    went = [each for each in known if each.symptom is not None]
    stayed = [each for each in known if each.healthy is not None]
    # A rule that pages at any value has a name, but no level.
    paged = next((each for each in known if each.alert), Margin())
    least = min(went, key=lambda each: each.symptom or 0.0, default=paged)
    most = max(stayed, key=lambda each: each.healthy or 0.0, default=Margin())
    return asdict(Margin(least.alert, least.symptom, most.nearest, most.healthy))


def _loudest(runs: Iterable[tuple[Anomaly, ...]]) -> dict[str, str] | None:
    """Return the component that is the loudest in most runs, and its signal in most of those; if even, the earlier."""
    first = [each[0] for each in runs if each]
    if not first:
        return None
    component = _most(each.component for each in first)
    return {"component": component, "signal": _most(each.signal for each in first if each.component == component)}


def _most(names: Iterable[str]) -> str:
    return Counter(names).most_common(1)[0][0]


def matrix_row(records: Iterable[Record]) -> dict[str, dict[str, int]]:
    """Return, for every signature, in how many of one fault's runs it held, did not hold, or can't be judged."""
    rows = [each.matrix for each in records]
    signatures = dict.fromkeys(name for row in rows for name in row)
    return {name: {str(holds): sum(row.get(name) == holds for row in rows) for holds in Held} for name in signatures}


def misdirection(batch: BatchRecord) -> dict[str, Any]:
    """Return, by fault, whether the loudest component is a wrong answer, and the share of the judged faults.

    First for the service overview, then, under `resources`, for the dashboard of the resources. The loudest component
    is the one that was loudest in most of the fault's runs.
    """
    overview = {fault: [(each.anomalies, each.points_elsewhere) for each in batch.of(fault)] for fault in batch.faults}
    resources = {
        fault: [(each.resource_anomalies, each.resources_point_elsewhere) for each in batch.of(fault)]
        for fault in batch.faults
    }
    return {**_elsewhere(overview), "resources": _elsewhere(resources)}


def _elsewhere(faults: Mapping[str, Sequence[tuple[tuple[Anomaly, ...], bool | None]]]) -> dict[str, Any]:
    judged: dict[str, bool] = {}
    for fault, runs in faults.items():
        known = [(anomalies[0].component, points) for anomalies, points in runs if anomalies and points is not None]
        if known:
            loudest = _most(component for component, _ in known)
            judged[fault] = next(points for component, points in known if component == loudest)
    share = sum(judged.values()) / len(judged) if judged else None
    return {"points_elsewhere": judged, "share": share}


def spreads(records: Iterable[Record]) -> dict[str, dict[str, float] | None]:
    """Return median, least and greatest of each time in seconds; None for a time that no run has."""
    timings = [each.timing for each in records]
    return {name: spread(value(each) for each in timings) for name, value in TIMES.items()}


def spread(values: Iterable[float | None]) -> dict[str, float] | None:
    """Return median, least and greatest of the values that are not None; None without any."""
    known = [value for value in values if value is not None]
    if not known:
        return None
    figures = {"median": statistics.median(known), "min": min(known), "max": max(known)}
    return {name: round(value, 1) for name, value in figures.items()}
