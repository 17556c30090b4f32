"""Verifying in fog: the page comes as ever, and enough of the fault's evidence still decides."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

from labctl.base.errors import LabStateError, LookupFailedError, WaitTimeoutError
from labctl.base.waiting import pause, wait_until
from labctl.health import baseline
from labctl.lab.lab import Lab
from labctl.model.measurement import Window
from labctl.model.signature import Judgement, Outcome
from labctl.verify.evidence import Evidence

LOOK_EVERY_S = 2.0
LINGER_S = 8.0
"""How long it is looked on after there was enough: slower signals get that time."""
_UNANSWERED = (LookupFailedError, LabStateError)


def patience_s(lab: Lab) -> float:
    """Return how many seconds later than in clear telemetry a signal may show."""
    cadence = lab.fog_file.cadence
    return cadence.least_window_s + cadence.lag_s


def settled(lab: Lab, progress: Callable[[str], None], patience: float) -> Window:
    """Return a healthy window, all of it in fog. Raises SickLabError."""
    progress("waiting until the healthy lab was seen in fog")
    return baseline.settled(lab, patience=patience)


def watch(evidence: Evidence, injected_at: float, until: float) -> None:
    """Look the signals up until there was enough of them for LINGER_S, or until `until` (epoch seconds)."""

    def look() -> bool:
        evidence.look(Window(injected_at, time.time()))
        return not evidence.lacks

    with suppress(WaitTimeoutError, *_UNANSWERED):
        left = max(0.0, until - time.time())
        wait_until(look, what="the evidence", timeout=left, interval=LOOK_EVERY_S, transient=_UNANSWERED)
        pause(LINGER_S)
    look()


def judged(evidence: Evidence, links: int) -> Judgement:
    """Return the outcome of a run in fog; the chain and the signature are judged in clear telemetry."""
    lacks = tuple(evidence.lacks)
    return Judgement(Outcome.FAIL if lacks else Outcome.PASS, lacks, None, (None,) * links)
