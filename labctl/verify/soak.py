"""A soak: for some minutes nothing is injected, no fault's signature may hold, and no page may come."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from labctl.base.errors import LabctlError
from labctl.base.times import iso
from labctl.base.waiting import pause
from labctl.health import baseline, paging, steady_state, stolen
from labctl.health.coverage import GAPS, has_gaps
from labctl.lab.lab import Lab
from labctl.model.fault import Fault
from labctl.model.measurement import STEP_S, Window
from labctl.model.onset import HOLD_POINTS
from labctl.model.signature import Outcome
from labctl.model.surroundings import CLEAR
from labctl.verify.confusion import Curves, Held, cells
from labctl.verify.survey import curves

BASELINE_S = 30.0
CHUNK_S = 60.0
"""Seconds between two judgements: each judges the telemetry since the one before."""
OVERLAP_S = (HOLD_POINTS - 1) * STEP_S
"""Each chunk begins so many seconds before the end of the one before: a signature may hold across the two."""


@dataclass
class Soak:
    """The result of a soak so far."""

    lab: str
    rps: float
    planned_s: float
    started_at: float = 0.0
    seconds: float = 0.0
    """How long the lab was really watched."""
    faults: tuple[str, ...] = ()
    """The ids of the faults whose signatures were judged."""
    held: dict[str, float] = field(default_factory=dict)
    """By fault id, how many seconds into the soak the fault's signature held first."""
    pages: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    @property
    def outcome(self) -> Outcome:
        """Fail when a signature held or an alert paged; unknown when a part of the soak could not be judged."""
        if self.held or self.pages:
            return Outcome.FAIL
        return Outcome.PASS if self.seconds >= self.planned_s and not self.doubts else Outcome.UNKNOWN

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it did not pass, one sentence each."""
        held = (
            f"the signature of {each} held in the healthy lab, {at:.0f} s into the soak"
            for each, at in self.held.items()
        )
        return (*self.doubts, *held, *(f"{each} paged in the healthy lab" for each in self.pages))

    def to_document(self) -> dict[str, Any]:
        """Return the soak as JSON types."""
        return {
            **asdict(self),
            "started_at": iso(self.started_at),
            "outcome": str(self.outcome),
            "reasons": list(self.reasons),
        }


def _nothing(lab: Lab) -> None:
    del lab


def soak(
    lab: Lab,
    faults: Sequence[Fault],
    seconds: float,
    progress: Callable[[str], None],
    meanwhile: Callable[[Lab], None] = _nothing,
) -> Soak:
    """Watch a healthy lab, which the caller holds, for `seconds`; `progress` gets the minutes watched so far.

    `meanwhile` is called after each judgement, and may change the lab in a way that nobody should feel.
    """
    run = Soak(lab.name, lab.rps, seconds, time.time(), faults=tuple(each.id for each in faults))
    if lab.fog.level != CLEAR:
        run.doubts.append(f"the telemetry is {lab.fog.level}: signatures are judged where it is clear")
        return run
    try:
        progress("waiting for the steady state")
        steady_state.wait(lab.metrics, lab.rps, progress=progress)
        healthy = _baseline(lab)
        before = curves(lab.metrics, faults, healthy)
        while run.seconds < seconds:
            progress(f"{run.seconds / 60:.0f} of {seconds / 60:g} minutes watched")
            pause(min(CHUNK_S, seconds - run.seconds))
            _judge(run, lab, faults, healthy, before)
            meanwhile(lab)
    except LabctlError as error:
        run.doubts.append(f"{error.what}{f': {error.expected}' if error.expected else ''}")
    return run


def _baseline(lab: Lab) -> Window:
    baseline.settled(lab)
    began = time.time()
    pause(BASELINE_S)
    return Window(began, time.time())


def _judge(run: Soak, lab: Lab, faults: Sequence[Fault], healthy: Window, before: Curves) -> None:
    chunk = Window(healthy.end + max(0.0, run.seconds - OVERLAP_S), time.time())
    now = curves(lab.metrics, faults, chunk)
    for cell in cells(faults, {query: before[query] + now[query] for query in now}, healthy, chunk):
        if cell.holds is Held.YES:
            run.held.setdefault(cell.signature, round(chunk.start + (cell.after_s or 0.0) - healthy.end, 1))
        elif cell.holds is Held.UNKNOWN:
            _once(run.doubts, f"whether {cell.signature} held is unknown: no data for {', '.join(cell.missing)}")
    if has_gaps(lab.metrics, chunk):
        _once(run.doubts, GAPS)
    _note_pages(run, lab, chunk)
    run.seconds = chunk.end - healthy.end


def _note_pages(run: Soak, lab: Lab, chunk: Window) -> None:
    fired = paging.fired(lab.metrics, chunk)
    if not fired:
        return
    if reason := stolen.doubt(lab.metrics, chunk):
        _once(run.doubts, f"{', '.join(sorted(set(fired)))} paged, but {reason}")
        return
    for alert in fired:
        _once(run.pages, alert)


def _once(texts: list[str], text: str) -> None:
    if text not in texts:
        texts.append(text)
