"""Judges an answer: its evidence is looked up again, the verdict is stored, and only then told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import promql_parser

from labctl.catalogue import own_folders
from labctl.lab.lab import Lab
from labctl.lookups.logql import LineFilter
from labctl.model.incident import ENDED, Attempt, Incident
from labctl.model.incident_document import answer_document
from labctl.model.measurement import Window
from labctl.model.verdict import Answer, is_root_cause
from labctl.play.bearing import finding
from labctl.play.ending import end, record_end
from labctl.play.evidence import Evidence, Sources, Symptom, look_up
from labctl.play.selectors import resolved
from labctl.play.stored import latest_of, require_open, save

SUBMISSION = "submission"
"""The kind of the journal's entry of a submission; payload: {"incident", "verdict"} and the answer's words."""
MAX_LOG_LINES = 5000


@dataclass(frozen=True)
class Said:
    """What a learner says beside the answer, for the debrief: never graded."""

    because: str = ""
    how_much: str = ""
    """The impact's extent, as a range."""


NOTHING_SAID = Said()


def submit(
    lab: Lab, answer: Answer, pieces: Sequence[Evidence], *, made_at: float | None = None, said: Said = NOTHING_SAID
) -> Incident:
    """Judge an answer, record it, and return the changed incident. Errors of an evidence query pass through.

    Evidence is looked up before the answer is judged, and the verdict is stored before it is returned: neither an error
    nor a killed process gives the learner a hint about the answer. What was made at `made_at` (epoch seconds), before
    the limit, is judged even if the limit has passed while it waited for the lab.
    """
    incident = _taking(lab, made_at)
    now = incident.now()
    sources = _sources(lab, incident, now, asked=bool(pieces))
    looked = [look_up(each, sources, incident.healthy, incident.broken(now)) for each in pieces]
    fault = own_folders.recall(lab.store.documents, incident.fault)
    findings = tuple(finding(each, fault, sources.symptom.service) for each in looked)
    right = is_root_cause(fault, answer)
    # Verdicts are in the order in which they are given: none is dated before the one that came first.
    at = max([now if made_at is None else made_at, *(each.at for each in incident.attempts)])
    after = incident.submitted(
        Attempt(at, answer, tuple(map(str, pieces)), findings, right, said.because, said.how_much)
    )
    save(lab, after)
    beside = {name: text for name, text in vars(said).items() if text}
    verdict = "right" if right else "wrong"
    lab.store.journal.append(
        SUBMISSION, {"incident": after.id, "verdict": verdict, **answer_document(answer), **beside}
    )
    return _ended(lab, incident, after) if after.status in ENDED else after


def _taking(lab: Lab, made_at: float | None) -> Incident:
    """Return the incident that a submission is for. Raises LabStateError when there is none that still takes it."""
    incident = latest_of(lab.store.documents)
    if incident and incident.takes(incident.now() if made_at is None else made_at):
        return incident
    found = require_open(lab)
    found.require_running(found.now() if made_at is None else made_at)
    return found


def _ended(lab: Lab, before: Incident, after: Incident) -> Incident:
    if after.status is not before.status:
        record_end(lab, after)
    return end(lab, after)


def try_evidence(lab: Lab, piece: Evidence) -> None:
    """Raise InputError or LookupFailedError for what can't be evidence; says nothing of whether it counts."""
    incident = require_open(lab)
    now = incident.now()
    look_up(piece, _sources(lab, incident, now, asked=True), incident.healthy, incident.broken(now))


def _sources(lab: Lab, incident: Incident, now: float, *, asked: bool) -> Sources:
    start = incident.healthy.start

    def lines(service: str | None, pattern: str, span: Window) -> Counter[str]:
        wanted = LineFilter(service=service, pattern=pattern, of_clients=True)
        found = lab.logs.search(wanted, span.start, span.end, MAX_LOG_LINES)
        return Counter(line.service for line in found)

    return Sources(
        lab.metrics,
        lambda trace_id: lab.traces.trace(trace_id, start=start, end=now),
        lines,
        _symptom(lab, incident) if asked else Symptom(),
    )


def _symptom(lab: Lab, incident: Incident) -> Symptom:
    recordings = lab.metrics.recordings()
    paged = [rule for rule in lab.metrics.rules() if incident.page and rule.name == incident.page.alert]
    read = [each for rule in paged for each in resolved(promql_parser.parse(rule.expr), recordings)]
    return Symptom(tuple(read), next((rule.labels.get("service", "") for rule in paged), ""), recordings)
