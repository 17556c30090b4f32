"""Starts, judges and ends the incidents of one lab, and keeps them in its store. Every writer holds the lab's lock."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

import promql_parser

from labctl.base import boot_clock, progress
from labctl.base.errors import CatalogueError, LabctlError, LabStateError, WaitTimeoutError
from labctl.catalogue import own_folders
from labctl.health import baseline, paging
from labctl.lab.lab import Lab
from labctl.lookups.logql import LineFilter
from labctl.model.fault import Fault
from labctl.model.incident import ACTIVE, ENDED, Attempt, Curves, Incident, Status
from labctl.model.incident_document import answer_document, from_document, to_document
from labctl.model.measurement import Window, measure
from labctl.model.signature import probes_of
from labctl.model.verdict import Answer, is_root_cause
from labctl.operate import injection
from labctl.play import played
from labctl.play.bearing import finding
from labctl.play.evidence import Evidence, Sources, Symptom, look_up
from labctl.play.selectors import resolved
from labctl.state.documents import Documents

KIND = played.KIND
PAGE = "page"
SUBMISSION = "submission"
CAPTURE_S = 600.0
"""The debrief's curves cover at most so many seconds from the injection on."""
MAX_LOG_LINES = 5000
FOG_AUTHOR = "s.lindqvist"
FOG_SUMMARY = "Change how much telemetry is kept"


def latest(lab: Lab) -> Incident | None:
    """Return the lab's last incident; None when there was none."""
    return latest_of(lab.store.documents)


def latest_of(documents: Documents) -> Incident | None:
    """Return the last incident among a lab's documents, archived ones too; None when there was none."""
    found = documents.all(KIND)
    return from_document(found[max(found)]) if found else None


def require_fit(lab: Lab, fault: Fault) -> None:
    """Raise LabStateError when the lab's load is too small, or its host too fast or slow, for the fault to show."""
    if lab.rps < fault.load.min_rps:
        raise LabStateError(
            f"the lab runs at {lab.rps:g} requests/s, too few for this fault to show",
            expected=f"at least {fault.load.min_rps:g} requests/s",
            todo=f"run `labctl up{lab.option} --rps {fault.load.min_rps:g}`",
        )
    if reason := fault.unfit(lab.rps, lab.speed):
        raise LabStateError(
            f"the fault would not show: {reason}",
            expected=fault.host.told,
            todo="choose another one: `labctl faults` says which this host shows",
        )


def require_open(lab: Lab) -> Incident:
    """Return the open incident. Raises LabStateError when none is open."""
    incident = latest(lab)
    if incident is None or incident.status in (Status.VOID, Status.INJECTING):
        raise LabStateError(
            "there is no incident", expected="an open one", todo=f"run `labctl break{lab.option}` to start one"
        )
    if incident.status is not Status.OPEN:
        raise LabStateError(
            f"the incident {incident.id} is over: {incident.status}",
            expected="an open one",
            todo=f"read `labctl debrief{lab.option}`, then `labctl heal{lab.option}`, then `labctl break{lab.option}`",
        )
    return incident


def reconcile(lab: Lab) -> None:
    """End an incident that an interrupted `break`, or healing, left open; for a caller that holds the lab."""
    incident = latest(lab)
    if incident is None:
        return
    if incident.status is Status.INJECTING:
        _save(lab, incident.void(time.time()))
    elif incident.status is Status.OPEN and not _still_broken(lab, incident):
        _end(lab, incident.given_up(incident.now()))


def require_none(lab: Lab) -> None:
    """Raise LabStateError when an incident is open, or the lab was not healed after the last one."""
    incident = latest(lab)
    if incident and incident.status in ACTIVE:
        raise LabStateError(
            f"the incident {incident.id} is still open",
            expected="no incident",
            todo=f"solve it with `labctl submit{lab.option}`, or end it with `labctl heal{lab.option}`",
        )
    if injection.injected(lab):
        raise LabStateError(
            "the last incident is over, but the lab is still broken",
            expected="a healed lab",
            todo=f"run `labctl heal{lab.option}`",
        )


def _silent(detail: str) -> None:
    del detail


def start(
    lab: Lab,
    fault: Fault,
    seed: int | None = None,
    update: Callable[[str], None] = _silent,
    fog: str | None = None,
) -> Incident:
    """Inject a fault, which `seed` may have chosen, and return the incident as soon as an alert pages.

    `update` is told how far that has got.

    Raises SickLabError when the lab is not healthy, WaitTimeoutError when no page comes; the lab is healed then.
    """
    require_none(lab)
    require_fit(lab, fault)
    healthy = baseline.settled(lab)
    practice = played.before().knows(fault.id, seed)
    anchor = boot_clock.anchor()
    incident = Incident(_next_id(lab), fault.id, healthy, anchor.wall, anchor=anchor, seed=seed, practice=practice)
    _save(lab, incident)
    try:
        if fog is not None:
            lab.fog.change(fog, author=FOG_AUTHOR, summary=FOG_SUMMARY)
        injection.inject(lab, fault)
        left = fault.page_due_s(lab.rps) - (time.time() - incident.injected_at)
        page = paging.await_page(lab.metrics, incident.injected_at, max(0.0, left))
    except BaseException as stopped:
        if isinstance(stopped, KeyboardInterrupt):
            update("interrupted: healing the lab; Ctrl-C again leaves that to the next command")
        _abandon(lab, incident)
        raise
    if page is None:
        _abandon(lab, incident)
        raise _no_page(fault.page_due_s(lab.rps))
    paged = incident.paged(page)
    _save(lab, paged)
    lab.store.journal.append(PAGE, {"incident": paged.id, "alert": page.alert, "summary": page.summary})
    return paged


def submit(lab: Lab, answer: Answer, pieces: Sequence[Evidence]) -> Incident:
    """Judge an answer, record it, and return the changed incident. Errors of an evidence query pass through.

    Evidence is looked up before the answer is judged, and the verdict is stored before it is returned: neither an error
    nor a killed process gives the learner a hint about the answer.
    """
    incident = require_open(lab)
    now = incident.now()
    sources = _sources(lab, incident, now, asked=bool(pieces))
    looked = [look_up(each, sources, incident.healthy, incident.broken(now)) for each in pieces]
    fault = own_folders.recall(lab.store.documents, incident.fault)
    findings = tuple(finding(each, fault, sources.symptom.service) for each in looked)
    right = is_root_cause(fault, answer)
    after = incident.submitted(Attempt(now, answer, tuple(map(str, pieces)), findings, right))
    _save(lab, after)
    verdict = "right" if right else "wrong"
    lab.store.journal.append(SUBMISSION, {"incident": after.id, "verdict": verdict, **answer_document(answer)})
    return _end(lab, after) if after.status in ENDED else after


def try_evidence(lab: Lab, piece: Evidence) -> None:
    """Raise InputError or LookupFailedError for what can't be evidence; says nothing of whether it counts."""
    incident = require_open(lab)
    now = incident.now()
    look_up(piece, _sources(lab, incident, now, asked=True), incident.healthy, incident.broken(now))


def give_up(lab: Lab) -> Incident | None:
    """End the open incident and return it; None when none is open. Call it before the lab is healed."""
    incident = latest(lab)
    if incident is None or incident.status is not Status.OPEN:
        return None
    return _end(lab, incident.given_up(incident.now()))


def keep_curves(lab: Lab) -> None:
    """Measure the curves of the last incident, if it is over: when it has none yet, and again while the lab is broken.

    A quick learner may finish before the last links of the chain have moved, and the debrief should show all of them.
    """
    incident = latest(lab)
    if incident and incident.status in ENDED and (not incident.curves or _still_broken(lab, incident)):
        _end(lab, incident)


def _end(lab: Lab, incident: Incident) -> Incident:
    _save(lab, incident)
    try:
        ended = replace(incident, curves=_curves(lab, incident))
    except CatalogueError as error:
        # The result stands: the debrief needs the file as well, and measures then.
        progress.warn(f"the debrief has no measurements yet: {error}")
        return incident
    except LabctlError:
        return incident  # the telemetry does not answer: the incident is over all the same, the debrief measures again
    _save(lab, ended)
    return ended


def _still_broken(lab: Lab, incident: Incident) -> bool:
    return incident.fault in injection.injected(lab)


def _curves(lab: Lab, incident: Incident) -> dict[str, Curves]:
    now = time.time()
    end = now if _still_broken(lab, incident) else incident.broken(now).end
    broken = Window(incident.injected_at, min(end, incident.injected_at + CAPTURE_S))
    fault = own_folders.recall(lab.store.documents, incident.fault)
    measured = measure(lab.metrics, probes_of(fault), incident.healthy, broken)
    return {name: Curves(each.healthy, each.broken) for name, each in measured.items()}


def _abandon(lab: Lab, incident: Incident) -> None:
    injection.heal(lab)
    _save(lab, incident.void(time.time()))


def _next_id(lab: Lab) -> str:
    """Return the next incident's number: the one of an incident that never opened is used again."""
    found = lab.store.documents.all(KIND).values()
    opened = [each for each in map(from_document, found) if each.status is not Status.VOID]
    return f"INC-{len(opened) + 1:04d}"


def _no_page(due_s: float) -> WaitTimeoutError:
    return WaitTimeoutError(
        f"no page came within {due_s:.0f} s, so there is no incident; the lab was healed",
        expected="an alert with severity=page",
        todo="check the load with `labctl status`, then run `labctl break` again",
    )


def _sources(lab: Lab, incident: Incident, now: float, *, asked: bool) -> Sources:
    start = incident.healthy.start

    def lines(service: str | None, pattern: str, span: Window) -> Counter[str]:
        found = lab.logs.search(LineFilter(service=service, pattern=pattern), span.start, span.end, MAX_LOG_LINES)
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


def _save(lab: Lab, incident: Incident) -> None:
    lab.store.records.put(KIND, incident.id, to_document(incident))
