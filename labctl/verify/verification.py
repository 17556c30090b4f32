"""Verification: whether a fault still behaves on a real lab as its file claims, and as no other fault's file claims.

The steps: heal; wait for the steady state (without it the outcome is unknown, and nothing is injected); inject; wait
for the page and for the whole signature in the chain's order; heal in any case; wait for the steady state again; check
that no other signature held, and that nothing is left in the lab that was not there before.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial

from labctl.base.errors import HealError, LabctlError, LabStateError, LookupFailedError, SickLabError, WaitTimeoutError
from labctl.base.waiting import pause, wait_until
from labctl.docker.machine import describe
from labctl.health import baseline, paging, steady_state, stolen
from labctl.health.coverage import GAPS, has_gaps
from labctl.lab import fingerprint
from labctl.lab.fingerprint import Fingerprint
from labctl.lab.lab import Lab
from labctl.model.draw import Draw, End, usual
from labctl.model.fault import Fault
from labctl.model.incident import Page
from labctl.model.measurement import Curve, Window, measure
from labctl.model.onset import onset
from labctl.model.probe import Probe
from labctl.model.signature import Judgement, Measurements, Outcome, already, judge, probes_of
from labctl.model.surroundings import CLEAR
from labctl.operate import injection
from labctl.verify import in_fog, margin, versions
from labctl.verify.confusion import confusions, unclear
from labctl.verify.evidence import Evidence
from labctl.verify.margin import Margin
from labctl.verify.misdirection import points_elsewhere
from labctl.verify.survey import Survey, survey
from labctl.verify.verification_record import Record, Timing, effects, links_seen

SETTLE_S = 20.0
"""Seconds after the page is due in which the whole signature must hold: slow symptoms come after an early page."""
LINGER_S = 5.0
"""How long the lab is watched after the signature held: other signatures get time to hold, and effects to grow."""
RECOVERY_WITHIN_S = 90.0
STEADY_WITHIN_S = 60.0
DISTURBED_S = 2.0
"""Seconds until the next try for a healthy window, when the fault's probes already moved in the last one."""

Progress = Callable[[str], None]


@dataclass
class Run:
    """What a verification has found so far."""

    lab: Lab
    fault: Fault
    progress: Progress
    catalogue: Sequence[Fault]
    """The faults whose signatures must not hold, except for the verified fault's own."""
    started_at: float
    fog: str = ""
    """The level of fog in which the fault's evidence is looked at; empty to judge chain and signature, as ever."""
    draw: Draw = field(default_factory=usual)
    evidence: Evidence | None = None
    injected_at: float = 0.0
    seen_until: float = 0.0
    page: Page | None = None
    baselines: dict[str, Curve] = field(default_factory=dict)
    """The healthy curves by their query."""
    measured: Measurements = field(default_factory=dict)
    judgement: Judgement | None = None
    margin: Margin | None = None
    survey: Survey = field(default_factory=Survey)
    recovery_s: float | None = None
    before: Fingerprint | None = None
    leftovers: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    """Reasons why the run can't be judged: any of them makes the outcome unknown, unless a failure is certain."""
    failures: list[str] = field(default_factory=list)
    """Failures that a gap in the telemetry could explain: a doubt outweighs them."""
    certain: list[str] = field(default_factory=list)
    """Failures that no gap in the telemetry can explain: they outweigh every doubt."""
    stolen: str = ""
    """Why speed, and what follows from it, may be the host's doing, not the fault's; "" where it is not."""


class UnhealedError(HealError):
    """The lab could not be healed; `record` is the run's record until then, its outcome always a failure."""

    def __init__(self, error: HealError, record: Record) -> None:
        super().__init__(error.what, expected=error.expected, todo=error.todo)
        self.record = record


def verify(
    lab: Lab, fault: Fault, progress: Progress, catalogue: Sequence[Fault], fog: str = "", *, end: End = End.LOW
) -> Record:
    """Verify `fault` on a lab that the caller holds; no signature of another fault of `catalogue` may hold.

    With a level of fog, only page, evidence and healing are judged: the telemetry that signatures need is not there.

    What varies in the fault is at one `end`. `progress` gets the name of each step. Raises UnhealedError.
    """
    run = Run(lab, fault, progress, catalogue, time.time(), fog, usual(end))
    try:
        _verify(run)
    except HealError as error:
        run.certain.append(error.what)
        raise UnhealedError(error, _record(run)) from error
    return _record(run)


def _verify(run: Run) -> None:
    healthy = _healthy(run)
    if healthy:
        try:
            _experiment(run, healthy)
        except BaseException:
            # Also after Ctrl-C. If healing fails, its error replaces the first one.
            injection.heal(run.lab)
            raise
        _recover(run, healthy)


def _healthy(run: Run) -> Window | None:
    run.progress("healing, and waiting for the steady state")
    injection.heal(run.lab)
    try:
        steady_state.wait(run.lab.metrics, run.lab.rps, timeout=STEADY_WITHIN_S, progress=run.progress)
        if run.lab.fog.level != (run.fog or CLEAR):
            run.before = fingerprint.take(run.lab)
            run.lab.fog.change(run.fog or CLEAR)
        if run.fog:
            return in_fog.settled(run.lab, run.progress, STEADY_WITHIN_S)
        return _undisturbed(run, baseline.settled(run.lab, patience=STEADY_WITHIN_S))
    except (WaitTimeoutError, SickLabError) as error:
        run.doubts.append(f"the lab was not healthy, nothing was injected: {error.expected or error.what}")
        return None
    except LabctlError as error:
        run.doubts.append(f"whether the lab was healthy is unknown, nothing was injected: {error.what}")
        return None


def _undisturbed(run: Run, healthy: Window) -> Window:
    """Return a healthy window in which the fault's probes have not moved yet; after a minute, the last window anyway.

    Other work on the host may make a few requests slow, and a quantile over twenty seconds shows them for as long.
    """
    probes = probes_of(run.fault)
    deadline = time.monotonic() + STEADY_WITHIN_S
    window = healthy
    while early := already(run.fault, _measured(run, probes, window, Window(window.end, window.end))):
        if time.monotonic() >= deadline:
            break
        run.progress(f"waiting for a window in which nothing shows: {early[0]}")
        pause(DISTURBED_S)
        later = baseline.settled(run.lab, patience=STEADY_WITHIN_S)
        window = Window(max(later.start, later.end - baseline.MIN_S), later.end)
        run.baselines.clear()
    return window


def _measured(run: Run, probes: Sequence[Probe], healthy: Window, broken: Window) -> Measurements:
    return measure(run.lab.metrics, probes, healthy, broken, run.baselines)


def _experiment(run: Run, healthy: Window) -> None:
    try:
        if run.fog:
            run.evidence = Evidence(run.lab, run.fault, healthy)
            run.evidence.ask_database()
        _break(run)
        if run.evidence:
            _look_in_fog(run, run.evidence)
        else:
            _observe(run, healthy)
    except LabctlError as error:
        run.doubts.append(error.what)


def _break(run: Run) -> None:
    run.before = run.before or fingerprint.take(run.lab)
    _require_quiet(run.lab)
    run.progress("injecting")
    run.injected_at = time.time()
    injection.inject(run.lab, run.fault, run.draw)
    run.progress("waiting for the page")
    due = run.fault.page_due_s(run.lab.rps)
    left = due - (time.time() - run.injected_at)
    run.page = paging.await_page(run.lab.metrics, run.injected_at, max(0.0, left))
    if run.page is None:
        run.failures.append(f"no page within {due:.0f} s")
    elif run.page.at - run.injected_at > due and not _fired_within(run, due):
        run.failures.append(f"the page came after {run.page.at - run.injected_at:.1f} s, due within {due:.0f} s")


def _fired_within(run: Run, due: float) -> bool:
    """Whether an alert paged in time and was only seen late: labctl does not look for pages while it injects."""
    return bool(paging.fired(run.lab.metrics, Window(run.injected_at, run.injected_at + due)))


def _require_quiet(lab: Lab) -> None:
    """Raise LabStateError when an alert is active before the injection: the fault's page would look the same."""
    active = paging.active(lab.metrics)
    if active:
        raise LabStateError(f"{active[0].name} was {active[0].state} before anything was injected")


def _observe(run: Run, healthy: Window) -> None:
    run.progress("waiting for the whole signature")
    probes = probes_of(run.fault)

    def look() -> bool:
        broken = Window(run.injected_at, time.time())
        run.measured = _measured(run, probes, healthy, broken)
        run.seen_until = broken.end
        run.judgement = judge(run.fault, run.measured, run.injected_at)
        return run.judgement.outcome is Outcome.PASS

    # The last look counts, even when the wait for the signature timed out.
    unanswered = (LookupFailedError, LabStateError)
    until = max(time.time(), run.injected_at + run.fault.page_due_s(run.lab.rps)) + SETTLE_S
    with suppress(WaitTimeoutError, *unanswered):
        wait_until(look, what="the signature", timeout=until - time.time(), interval=1.0, transient=unanswered)
        pause(LINGER_S)
    # A slow symptom goes on growing: its margin gets the rest of the time.
    with suppress(WaitTimeoutError, *unanswered):
        wide = partial(_margin_is_wide, run, margin.baseline(run.lab.metrics, healthy))
        wait_until(wide, what="the margin", timeout=max(0.0, until - time.time()), interval=1.0, transient=unanswered)
    with suppress(*unanswered):
        look()
    if run.judgement is None:
        run.doubts.append("the telemetry did not answer")


def _look_in_fog(run: Run, evidence: Evidence) -> None:
    run.progress("looking at the evidence")
    due = run.injected_at + run.fault.page_due_s(run.lab.rps)
    in_fog.watch(evidence, run.injected_at, max(time.time(), due) + SETTLE_S + in_fog.patience_s(run.lab))
    run.seen_until = time.time()


def _margin_is_wide(run: Run, before: margin.Baseline) -> bool:
    run.margin = margin.measured(run.lab.metrics, before, Window(run.injected_at, time.time()))
    return run.margin.symptom is None or run.margin.symptom >= margin.LEAST


def _recover(run: Run, healthy: Window) -> None:
    run.progress("healing")
    began = time.time()
    injection.heal(run.lab)
    try:
        steady_state.wait(run.lab.metrics, run.lab.rps, timeout=RECOVERY_WITHIN_S, progress=run.progress)
        run.recovery_s = time.time() - began
    except WaitTimeoutError as error:
        run.failures.append(f"healed, but no steady state within {RECOVERY_WITHIN_S:.0f} s: {error.expected}")
    until = time.time() if run.recovery_s is None else max(run.injected_at, run.seen_until)
    with suppress(LabctlError):
        run.stolen = stolen.doubt(run.lab.metrics, Window(run.injected_at, until))
    if run.judgement:
        run.progress("looking at every signature")
        _survey(run, healthy)
    elif run.evidence and run.seen_until:
        _doubt_gaps(run, Window(run.injected_at, run.seen_until))
    if run.before:
        run.progress("comparing the lab with what it was")
        _compare(run, run.before)


def _compare(run: Run, before: Fingerprint) -> None:
    try:
        run.leftovers = fingerprint.leftovers(run.lab, before)
    except LabctlError as error:
        run.doubts.append(f"the healed lab could not be looked at: {error.what}")
    run.certain.extend(f"not as before: {each}" for each in run.leftovers)


def _survey(run: Run, healthy: Window) -> None:
    broken = Window(run.injected_at, run.seen_until)
    paged_at = run.page.at if run.page else run.injected_at
    try:
        known = {each.probe.query: each.healthy + each.broken for each in run.measured.values()}
        run.survey = survey(run.lab.metrics, run.catalogue, healthy, broken, paged_at, known=known)
    except LabctlError as error:
        run.doubts.append(f"the other signatures could not be measured: {error.what}")
    _doubt_gaps(run, broken)
    # Another's signature of slow answers may be the host's doing as well.
    (run.failures if run.stolen else run.certain).extend(confusions(run.fault.id, run.survey.cells))
    run.doubts.extend(unclear(run.fault.id, run.survey.cells))


def _doubt_gaps(run: Run, broken: Window) -> None:
    try:
        gaps = has_gaps(run.lab.metrics, broken)
    except LabctlError as error:
        run.doubts.append(f"whether the telemetry has gaps is unknown: {error.what}")
        return
    if gaps:
        run.doubts.append(GAPS)


def _record(run: Run) -> Record:
    judgement = run.judgement or Judgement(Outcome.UNKNOWN, (), None, (None,) * len(run.fault.chain))
    if run.evidence and run.evidence.seen:
        judgement = in_fog.judged(run.evidence, len(run.fault.chain))
    at = run.injected_at
    outcome = _outcome(run, judgement)
    excuse = [run.stolen] if run.stolen and outcome is Outcome.UNKNOWN else []
    record = Record(
        fault=run.fault.id,
        outcome=outcome,
        reasons=(*run.certain, *run.doubts, *excuse, *run.failures, *judgement.reasons),
        started_at=run.started_at,
        lab=run.lab.name,
        rps=run.lab.rps,
        timing=Timing(None, run.page.at - at if run.page else None, run.recovery_s, time.time() - run.started_at),
        page=run.page.alert if run.page else None,
        chain=links_seen(run.fault, judgement, at),
        effects=effects(run.fault, run.measured, judgement, at) if run.measured else (),
        versions=versions.running(run.lab.metrics),
        machine=describe(),
        matrix={each.signature: each.holds for each in run.survey.cells},
        anomalies=run.survey.overview,
        resource_anomalies=run.survey.resources,
        root_cause=str(run.fault.root_cause.component),
        points_elsewhere=points_elsewhere(run.fault, run.survey.overview),
        resources_point_elsewhere=points_elsewhere(run.fault, run.survey.resources),
        leftovers=tuple(run.leftovers),
        margin=run.margin,
        findings=tuple(run.margin.findings()) if run.margin else (),
        end=str(run.draw.end or End.LOW),
        drawn=dict(run.draw.drawn),
        fog=run.fog or CLEAR,
        evidence=run.evidence.seen if run.evidence else (),
        calibration={**(run.lab.record.calibration or {}), "cpu_share": run.lab.record.cpu_share},
    )
    return replace(record, timing=replace(record.timing, symptom_s=_symptom_s(run)))


def _symptom_s(run: Run) -> float | None:
    symptom = run.measured.get(run.fault.symptom.name)
    began = onset(symptom, run.injected_at) if symptom else None
    return None if began is None else began - run.injected_at


def _outcome(run: Run, judgement: Judgement) -> Outcome:
    if run.certain:
        return Outcome.FAIL
    if run.doubts or judgement.outcome is Outcome.UNKNOWN:
        return Outcome.UNKNOWN
    seen = Outcome.FAIL if run.failures else judgement.outcome
    return Outcome.UNKNOWN if seen is Outcome.FAIL and run.stolen else seen
