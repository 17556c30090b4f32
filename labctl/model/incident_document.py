"""An incident as a JSON document, and back. It names the hidden fault: only for the store, which seals it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from labctl.base.boot_clock import Anchor
from labctl.model import surroundings
from labctl.model.fault import RootCause
from labctl.model.incident import Attempt, Curves, Incident, Page, Status
from labctl.model.measurement import Curve, Window
from labctl.model.pauses import Pause
from labctl.model.verdict import Answer, Finding
from labctl.model.vocabulary import Component, Impact, Mechanism, Trigger

Document = dict[str, Any]


def to_document(incident: Incident) -> Document:
    """Return the incident as JSON types only."""
    return {
        "id": incident.id,
        "fault": incident.fault,
        "status": str(incident.status),
        "healthy": [incident.healthy.start, incident.healthy.end],
        "injected_at": incident.injected_at,
        "page": asdict(incident.page) if incident.page else None,
        "attempts": [_attempt(each) for each in incident.attempts],
        "ended_at": incident.ended_at,
        "anchor": asdict(incident.anchor) if incident.anchor else None,
        "seed": incident.seed,
        "practice": incident.practice,
        "hidden": incident.hidden,
        "drawn": dict(incident.drawn),
        "limit_s": incident.limit_s,
        "pauses": [[each.began, each.ended] for each in incident.pauses],
        "voided_from": str(incident.voided_from) if incident.voided_from else None,
        "around": surroundings.to_document(incident.around),
        "curves": {name: asdict(curves) for name, curves in incident.curves.items()},
    }


def from_document(document: Mapping[str, Any]) -> Incident:
    """Return the incident that `to_document` was given."""
    return Incident(
        id=document["id"],
        fault=document["fault"],
        status=Status(document["status"]),
        healthy=Window(*document["healthy"]),
        injected_at=document["injected_at"],
        page=Page(**document["page"]) if document["page"] else None,
        attempts=tuple(_read_attempt(each) for each in document["attempts"]),
        ended_at=document["ended_at"],
        curves={name: _read_curves(each) for name, each in document["curves"].items()},
        seed=document.get("seed"),
        practice=document.get("practice", False),
        hidden=document.get("hidden", False),
        drawn=document.get("drawn", {}),
        limit_s=document.get("limit_s"),
        pauses=tuple(Pause(*each) for each in document.get("pauses", ())),
        voided_from=Status(document["voided_from"]) if document.get("voided_from") else None,
        around=surroundings.from_document(document.get("around")),
        anchor=Anchor(**document["anchor"]) if document.get("anchor") else None,
    )


def answer_document(answer: Answer) -> Document:
    """Return an answer's four parts."""
    cause = answer.root_cause
    return {
        "component": str(cause.component),
        "trigger": str(cause.trigger),
        "mechanism": str(cause.mechanism),
        "impact": sorted(answer.impact),
    }


def _attempt(attempt: Attempt) -> Document:
    return {
        "at": attempt.at,
        **answer_document(attempt.answer),
        "evidence": list(attempt.evidence),
        "holds": [each is Finding.COUNTS for each in attempt.findings],
        "findings": [str(each) for each in attempt.findings],
        "right": attempt.right,
        "because": attempt.because,
        "how_much": attempt.how_much,
    }


def _read_attempt(document: Mapping[str, Any]) -> Attempt:
    cause = RootCause(Component(document["component"]), Trigger(document["trigger"]), Mechanism(document["mechanism"]))
    answer = Answer(cause, frozenset(Impact(each) for each in document["impact"]))
    return Attempt(
        document["at"],
        answer,
        tuple(document["evidence"]),
        _findings(document),
        document["right"],
        document.get("because", ""),
        document.get("how_much", ""),
    )


def _findings(document: Mapping[str, Any]) -> tuple[Finding, ...]:
    if "findings" in document:
        return tuple(Finding(each) for each in document["findings"])
    # An older labctl only wrote down whether a piece held.
    return tuple(Finding.COUNTS if holds else Finding.UNMOVED for holds in document["holds"])


def _read_curves(document: Mapping[str, Any]) -> Curves:
    return Curves(_read_curve(document["healthy"]), _read_curve(document["broken"]))


def _read_curve(points: list[list[float]]) -> Curve:
    return tuple((at, value) for at, value in points)
