"""Whether a colleague's change is harmless: proved as faults are, on a real lab.

The steps: heal; wait for the steady state; make the change; watch: no page, no fault's signature, and the steady state
holds at the end; undo it; check that the steady state holds again and that nothing is left in the lab.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from labctl.base.errors import HealError, LabctlError
from labctl.base.times import iso
from labctl.base.waiting import pause
from labctl.catalogue.rehearsal import rehearse
from labctl.health import baseline, paging, steady_state, stolen
from labctl.health.coverage import GAPS, has_gaps
from labctl.lab import fingerprint
from labctl.lab.lab import Lab
from labctl.model.colleague import APART_S, ROLLS_OUT, ColleaguesChange
from labctl.model.draw import Draw, End
from labctl.model.fault import Fault
from labctl.model.measurement import Window
from labctl.model.signature import Outcome
from labctl.model.vocabulary import Component
from labctl.operate import injection
from labctl.verify.confusion import Held, cells
from labctl.verify.survey import curves

SINCE_START = 'time() - max(container_start_time_seconds{{service="{service}"}})'
"""Seconds since a service's newest container started."""
RESTARTS_PAGE = frozenset({Component.LEDGER})
"""An alert takes a second restart of these within half a minute for a crash (compose/prometheus/alerts.yml)."""
WATCHED_S = 20.0
SEED = "verify"

Progress = Callable[[str], None]


@dataclass
class Harmlessness:
    """One proof of one change, with one end of what it draws."""

    change: str
    kind: str
    component: str
    end: str
    """"low" or "high": the end of every range."""
    lab: str
    rps: float
    started_at: float
    outcome: Outcome = Outcome.UNKNOWN
    made_s: float | None = None
    """How long making it took."""
    watched_s: float = 0.0
    pages: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    """The faults whose signatures held."""
    leftovers: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    unsteady: list[str] = field(default_factory=list)
    """What was not as in a healthy lab while the change was there."""
    stolen: str = ""
    """Why pages, signatures and an unsteady lab may be the host's doing, not the change's; "" where they are not."""
    doubts: list[str] = field(default_factory=list)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it did not pass, one sentence each."""
        return (
            *self.failures,
            *self.unsteady,
            *(f"{each} paged" for each in self.pages),
            *(f"the signature of {each} held" for each in self.held),
            *(f"not as before: {each}" for each in self.leftovers),
            *self.doubts,
            *([self.stolen] if self.stolen else []),
        )

    def judged(self) -> Outcome:
        """Return the outcome of what was found: a doubt leaves it unknown, unless something was left behind."""
        felt = self.was_felt()
        if self.failures or self.leftovers or (felt and not self.stolen):
            return Outcome.FAIL
        return Outcome.UNKNOWN if felt or self.doubts or not self.watched_s else Outcome.PASS

    def was_felt(self) -> bool:
        """Whether anything was not as in a healthy lab, apart from what was left behind."""
        return bool(self.pages or self.held or self.unsteady)

    def to_document(self) -> dict[str, Any]:
        """Return the record as JSON types."""
        return {
            **asdict(self),
            "started_at": iso(self.started_at),
            "outcome": str(self.outcome),
            "reasons": list(self.reasons),
        }


def ends(change: ColleaguesChange) -> tuple[End, ...]:
    """Return the ends at which a change has to be proved: one where both do the same."""
    low, high = ([(each.given, _drawn(each.named)) for each in rehearse(change, Draw(SEED, end))] for end in End)
    return (End.LOW,) if low == high else tuple(End)


def _drawn(named: object) -> dict[str, object]:
    return {name: value for name, value in dict(named).items() if name not in ("author", "summary")}  # type: ignore[call-overload]


def prove(
    lab: Lab,
    change: ColleaguesChange,
    end: End,
    *,
    faults: Sequence[Fault],
    progress: Progress,
    settled: bool = False,
) -> Harmlessness:
    """Prove one change on a lab that the caller holds; `settled` where the last thing that happened was harmless.

    Raises HealError when the change can't be undone.
    """
    run = Harmlessness(change.id, str(change.kind), str(change.component), str(end), lab.name, lab.rps, time.time())
    try:
        _prove(run, lab, change, (faults, settled), progress)
    finally:
        injection.heal(lab)
    run.outcome = run.judged()
    return run


def _prove(
    run: Harmlessness, lab: Lab, change: ColleaguesChange, given: tuple[Sequence[Fault], bool], progress: Progress
) -> None:
    faults, settled = given
    progress("healing, and waiting for the steady state")
    injection.heal(lab)
    try:
        _let_pass(lab, change, progress)
        steady_state.wait(lab.metrics, lab.rps, progress=progress)
        now = time.time()
        healthy = Window(now - baseline.LOOK_BACK_S, now) if settled else baseline.settled(lab)
        before = fingerprint.take(lab)
        progress("making the change")
        began = time.time()
        run.made_s = 0.0  # from here on, what fails is the change's doing
        change.make(lab, Draw(SEED, End(run.end)))
        run.made_s = round(time.time() - began, 1)
        _watch(run, lab, faults, (healthy, began), progress)
        _let_pass(lab, change, progress)
        progress("undoing it")
        injection.heal(lab)
        steady_state.wait(lab.metrics, lab.rps, progress=progress)
        run.leftovers = fingerprint.leftovers(lab, before)
    except HealError:
        raise
    except LabctlError as error:
        # Before the change is made, the lab or the telemetry is to blame; from then on, the change.
        (run.failures if run.made_s is not None else run.doubts).append(f"{error.what}: {error.expected}")


def _let_pass(lab: Lab, change: ColleaguesChange, progress: Progress) -> None:
    """Wait until the last roll-out of a service whose restarts page is as long ago as colleagues let pass."""
    counts = change.kind in ROLLS_OUT and change.component in RESTARTS_PAGE
    ago = lab.metrics.scalar(SINCE_START.format(service=change.component)) if counts else None
    if ago is not None and ago < APART_S:
        progress(f"letting {APART_S - ago:.0f} s pass since the last roll-out of {change.component}")
        pause(APART_S - ago)


def _watch(
    run: Harmlessness, lab: Lab, faults: Sequence[Fault], since: tuple[Window, float], progress: Progress
) -> None:
    healthy, began = since
    progress("watching")
    pause(WATCHED_S)
    try:
        steady_state.require(lab.metrics, lab.rps)
    except LabctlError as error:
        run.unsteady.append(error.what)
    watched = Window(began, time.time())
    run.watched_s = round(watched.end - watched.start, 1)
    run.pages = paging.fired(lab.metrics, watched)
    found = curves(lab.metrics, faults, Window(healthy.start, watched.end))
    judged = cells(faults, found, healthy, watched)
    run.held = [each.signature for each in judged if each.holds is Held.YES]
    unknown = [each.signature for each in judged if each.holds is Held.UNKNOWN]
    run.doubts += [f"whether the signature of {each} held is unknown" for each in unknown]
    with suppress(LabctlError):
        if run.was_felt():
            run.stolen = stolen.doubt(lab.metrics, watched)
        if has_gaps(lab.metrics, watched):
            run.doubts.append(GAPS)
