"""The record of one verification, as JSON types and as Markdown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from labctl.base.tables import table
from labctl.base.times import from_iso, iso
from labctl.base.units import number, seconds
from labctl.model.fault import Fault
from labctl.model.measurement import Measurement
from labctl.model.probe import Probe
from labctl.model.signature import Judgement, Measurements, Outcome
from labctl.verify.confusion import Held
from labctl.verify.decided import Looked
from labctl.verify.margin import Margin
from labctl.verify.misdirection import Anomaly


@dataclass(frozen=True)
class Timing:
    """Seconds from the start of the injection (recovery: of healing; total: of the run); None if it never came."""

    symptom_s: float | None = None
    page_s: float | None = None
    recovery_s: float | None = None
    total_s: float = 0.0


@dataclass(frozen=True)
class LinkSeen:
    """One link of the chain, and how many seconds after the injection it appeared."""

    component: str
    claim: str
    probe: str
    onset_s: float | None


@dataclass(frozen=True)
class Effect:
    """How far one probe of the signature moved."""

    probe: str
    role: str
    """"moves" or "stays"."""
    tolerance: str
    unit: str
    baseline: float | None
    value: float | None
    ratio: float | None


@dataclass(frozen=True)
class Record:
    """One verification of one fault."""

    fault: str
    outcome: Outcome
    reasons: tuple[str, ...]
    started_at: float
    lab: str
    rps: float
    timing: Timing
    page: str | None
    chain: tuple[LinkSeen, ...]
    effects: tuple[Effect, ...]
    versions: Mapping[str, str]
    machine: Mapping[str, str | int]
    matrix: Mapping[str, Held] = field(default_factory=dict)
    """Whether each fault's signature, by its id, held in this run."""
    anomalies: tuple[Anomaly, ...] = ()
    """What the service overview showed, the loudest first."""
    resource_anomalies: tuple[Anomaly, ...] = ()
    """What the dashboard of the resources showed, the loudest first."""
    root_cause: str = ""
    """The component where the root cause sits."""
    points_elsewhere: bool | None = None
    """Whether the component of the overview's loudest anomaly would be graded wrong."""
    resources_point_elsewhere: bool | None = None
    """Whether the component of the resources' loudest anomaly would be graded wrong."""
    leftovers: tuple[str, ...] = ()
    """The differences that were left in the lab after healing, one sentence each."""
    margin: Margin | None = None
    """How far the symptom was above the paging threshold, and the healthy lab below it; None: not measured."""
    findings: tuple[str, ...] = ()
    """One sentence for each side on which the margin is too narrow."""
    calibration: Mapping[str, float | None] = field(default_factory=dict)
    """The host's measured costs and speed (`labctl/lab/calibration.py`), and the containers' share of its CPU."""

    end: str = "low"
    """The end of what varies in the fault: "low" has the usual values, "high" those furthest from them."""
    drawn: Mapping[str, str] = field(default_factory=dict)
    """What varies in the fault, and its values in this run."""
    fog: str = "clear"
    """The level of fog over the telemetry."""
    evidence: tuple[Looked, ...] = ()
    """What the fault's signals showed; looked at with `labctl verify --fog` only."""

    def to_document(self) -> dict[str, Any]:
        """Return the record as JSON types."""
        return {**asdict(self), "outcome": str(self.outcome), "started_at": iso(self.started_at)}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Record:
        """Return the record that `to_document` turned into JSON types, in this version of labctl or an earlier one."""
        nested: dict[str, Any] = {
            "outcome": Outcome(document["outcome"]),
            "reasons": tuple(document["reasons"]),
            "started_at": from_iso(document["started_at"]),
            "timing": Timing(**document["timing"]),
            "chain": tuple(LinkSeen(**each) for each in document["chain"]),
            "effects": tuple(Effect(**each) for each in document["effects"]),
            "matrix": {name: Held(held) for name, held in document.get("matrix", {}).items()},
            "anomalies": tuple(Anomaly(**each) for each in document.get("anomalies", ())),
            "resource_anomalies": tuple(Anomaly(**each) for each in document.get("resource_anomalies", ())),
            "leftovers": tuple(document.get("leftovers", ())),
            "margin": Margin(**document["margin"]) if document.get("margin") else None,
            "findings": tuple(document.get("findings", ())),
            "evidence": tuple(
                Looked(**{**each, "tells": tuple(each["tells"])}) for each in document.get("evidence", ())
            ),
        }
        return cls(**{**document, **nested})


def links_seen(fault: Fault, judgement: Judgement, injected_at: float) -> tuple[LinkSeen, ...]:
    """Return the chain with its onsets, relative to the injection."""
    return tuple(
        LinkSeen(str(link.component), link.claim, link.probe.name, None if at is None else round(at - injected_at, 1))
        for link, at in zip(fault.chain, judgement.onsets, strict=True)
    )


def effects(fault: Fault, measured: Measurements, judgement: Judgement, injected_at: float) -> tuple[Effect, ...]:
    """Return how far every probe moved between the time the signature held (or the injection) and the end."""
    since = judgement.held_at or injected_at
    moves = [_effect(probe, "moves", measured[probe.name], since) for probe in fault.must_move]
    stays = [_effect(probe, "stays", measured[probe.name], since) for probe in fault.must_not_move]
    return (*moves, *stays)


def _effect(probe: Probe, role: str, measured: Measurement, since: float) -> Effect:
    baseline, value = measured.baseline, measured.value_after(since)
    ratio = value / baseline if value is not None and baseline else None
    return Effect(probe.name, role, str(probe.tolerance), probe.unit, baseline, value, ratio)


def markdown(record: Record) -> str:
    """Return the record as a page."""
    lines = [f"# {record.fault}: {record.outcome}", "", *(f"- {reason}" for reason in record.reasons)]
    lines += ["", f"Lab {record.lab} at {record.rps:g} requests/s, {iso(record.started_at)}.", *_timing(record)]
    if record.drawn:
        lines += ["", f"At the {record.end} end: {'; '.join(f'{what} {each}' for what, each in record.drawn.items())}."]
    lines += _evidence(record) if record.evidence else _signature(record)
    lines += ["", "| Versions and machine | |", "|---|---|"]
    known = {name: value for name, value in record.calibration.items() if value is not None}
    lines += [f"| {name} | {value} |" for name, value in {**record.versions, **record.machine, **known}.items()]
    return "\n".join(lines) + "\n"


EVIDENCE_HEAD = ("SIGNAL", "KIND", "SEEN AT", "DECIDES", "HEALTHY", "BROKEN", "TELLS")


def evidence_rows(record: Record) -> list[tuple[str, ...]]:
    """Return what each signal showed, as rows under EVIDENCE_HEAD."""
    return [
        (
            each.signal,
            each.kind,
            each.place,
            "yes" if each.decides else "no",
            number(each.healthy, each.unit),
            number(each.broken, each.unit),
            ", ".join(each.tells),
        )
        for each in record.evidence
    ]


def _evidence(record: Record) -> list[str]:
    head = [each.capitalize() for each in EVIDENCE_HEAD]
    return ["", f"Fog: {record.fog}.", "", table(head, evidence_rows(record))]


def _signature(record: Record) -> list[str]:
    lines = ["", "| Link | Component | Appeared after | Measured by |", "|---|---|---|---|"]
    lines += [f"| {each.claim} | {each.component} | {seconds(each.onset_s)} | {each.probe} |" for each in record.chain]
    lines += ["", "| Probe | Must | Healthy | Broken | Ratio |", "|---|---|---|---|---|"]
    lines += [
        f"| {each.probe} | {'move' if each.role == 'moves' else 'stay'}: {each.tolerance} "
        f"| {number(each.baseline, each.unit)} | {number(each.value, each.unit)} | {number(each.ratio)} |"
        for each in record.effects
    ]
    return lines


def _timing(record: Record) -> list[str]:
    timing = record.timing
    margin = record.margin or Margin()
    return [
        f"Symptom after {seconds(timing.symptom_s)}, page after {seconds(timing.page_s)}"
        f"{f' ({record.page})' if record.page else ''}, recovered {seconds(timing.recovery_s)} after healing began; "
        f"{timing.total_s:.0f} s in all.",
        "",
        f"In multiples of what pages: the symptom {number(margin.symptom)} ({margin.alert or 'no alert'}), "
        f"the healthy lab {number(margin.healthy)} ({margin.nearest or 'no alert'}).",
        *(f"Narrow: {each}." for each in record.findings),
    ]
