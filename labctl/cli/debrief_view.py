"""The debrief as people read it, and as a JSON document."""

from __future__ import annotations

from typing import Any

from labctl.base.times import iso, show_duration
from labctl.base.units import number
from labctl.cli import console
from labctl.cli.sparkline import sparkline
from labctl.model.fault import RootCause
from labctl.model.incident import Attempt
from labctl.model.incident_document import answer_document
from labctl.model.verdict import EVIDENCE_POINTS, IMPACT_POINTS, ROOT_CAUSE_POINTS
from labctl.play.debrief import Debrief, LinkTold


def document(debrief: Debrief) -> dict[str, Any]:
    """Return the debrief as JSON types."""
    incident, fault, score = debrief.incident, debrief.fault, debrief.score
    return {
        "incident": incident.id,
        "status": str(incident.status),
        "fault": fault.id,
        "title": fault.title,
        "story": fault.story.strip(),
        "root_cause": _cause(fault.root_cause),
        "impact": sorted(fault.impact),
        "clock_s": round(debrief.clock_s, 1),
        "penalty_s": incident.penalty_s,
        "score": {
            "total": score.total,
            "root_cause": score.root_cause,
            "impact": score.impact,
            "evidence": score.evidence,
        },
        "injected_at": iso(incident.injected_at),
        "chain": [vars(link) for link in debrief.chain],
        "submissions": [
            {**answer_document(each.answer), "at": iso(each.at), "right": each.right, "evidence": _evidence(each)}
            for each in incident.attempts
        ],
        "wrong": [{"at_s": each.at_s, **_cause(each.root_cause), "why": each.reason} for each in debrief.wrong_answers],
        "looked_at": [vars(each) for each in debrief.looks],
    }


def show(debrief: Debrief) -> None:
    """Print the debrief."""
    incident, fault, score = debrief.incident, debrief.fault, debrief.score
    cause = fault.root_cause
    console.show(f"{fault.title} ({fault.id}): {incident.status}\n")
    console.show(fault.story.strip() + "\n")
    console.facts(
        {
            "root cause": f"{cause.component} / {cause.trigger} / {cause.mechanism}",
            "impact": ", ".join(sorted(fault.impact)),
            "clock": f"{show_duration(debrief.clock_s)}, {show_duration(incident.penalty_s)} of it for wrong answers",
            "score": f"{score.total:g} of 100: root cause {score.root_cause:g} of {ROOT_CAUSE_POINTS:g}, "
            f"impact {score.impact:g} of {IMPACT_POINTS:g}, evidence {score.evidence:g} of {EVIDENCE_POINTS:g}",
        }
    )
    _show_chain(debrief)
    _show_answers(debrief)
    _show_looks(debrief)


def _show_chain(debrief: Debrief) -> None:
    console.show("\nThe causal chain, seconds after the change")
    console.table(
        ("AFTER", "WHERE", "WHAT HAPPENED", "MEASURED", "HEALTHY", "BROKEN", "CURVE"), map(_row, debrief.chain)
    )


def _row(link: LinkTold) -> tuple[str | None, ...]:
    after = None if link.onset_s is None else f"{link.onset_s:.0f} s"
    figures = number(link.baseline, link.unit), number(link.value, link.unit)
    return after, link.component, link.claim, link.probe, *figures, sparkline(link.curve, 30)


def _show_answers(debrief: Debrief) -> None:
    pieces = [
        (piece, "differs" if holds else "does not differ measurably")
        for each in debrief.incident.attempts
        if each.right
        for piece, holds in zip(each.evidence, each.holds, strict=True)
    ]
    if debrief.wrong_answers:
        console.show("\nWhat you submitted first, and why it is not the root cause")
        console.table(
            ("AFTER THE PAGE", "ANSWER", "WHY NOT"),
            (
                (show_duration(each.at_s), " / ".join(_cause(each.root_cause).values()), each.reason)
                for each in debrief.wrong_answers
            ),
        )
    if pieces:
        console.show("\nYour evidence, looked up again before and after the change")
        console.table(("EVIDENCE", "VERDICT"), pieces)


def _show_looks(debrief: Debrief) -> None:
    if debrief.looks:
        console.show("\nWhat you looked at")
        rows = ((show_duration(each.at_s), each.command, each.asked) for each in debrief.looks)
        console.table(("AFTER THE PAGE", "COMMAND", "ASKED"), rows)


def _cause(cause: RootCause) -> dict[str, str]:
    return {"component": str(cause.component), "trigger": str(cause.trigger), "mechanism": str(cause.mechanism)}


def _evidence(attempt: Attempt) -> list[dict[str, Any]]:
    return [{"evidence": piece, "differs": holds} for piece, holds in zip(attempt.evidence, attempt.holds, strict=True)]
