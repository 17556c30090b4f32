"""Verifying what is known to help under a fault, and what isn't: inject, page, take the steps, watch the users.

A way restores the service level when, within RESTORED_WITHIN_S, no alert pages and the clients are served as in the
steady state, for HELD_S in a row. A useless one is watched for WATCHED_S: it must not get there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from labctl.base.errors import LabctlError, LabStateError, LookupFailedError, WaitTimeoutError
from labctl.base.times import iso
from labctl.base.waiting import wait_until
from labctl.docker.machine import describe
from labctl.health import paging, steady_state
from labctl.lab.lab import Lab
from labctl.model.fault import Fault
from labctl.model.mitigation import Mitigation
from labctl.model.signature import Outcome
from labctl.operate import hands, injection

RESTORED_WITHIN_S = 90.0
WATCHED_S = 45.0
HELD_S = 10.0
STEADY_WITHIN_S = 90.0

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Record:
    """What one way to help did; times in seconds, None for what never happened."""

    fault: str
    steps: str
    claims: str
    """"restores" or "useless"."""
    outcome: Outcome
    reasons: tuple[str, ...] = ()
    page_s: float | None = None
    """From the injection."""
    took_s: float | None = None
    """What the steps took."""
    restored_s: float | None = None
    """From the end of the steps until the users were well."""
    at: float = 0.0

    def to_document(self) -> dict[str, Any]:
        """Return the record as JSON types."""
        return {**vars(self), "outcome": str(self.outcome), "reasons": list(self.reasons), "at": iso(self.at)}


def verify(lab: Lab, fault: Fault, way: Mitigation, progress: Progress) -> Record:
    """Verify one way on a lab that the caller holds. The lab is healed afterwards, always. Raises HealError."""
    run = _Run(lab, fault, way, progress, time.time())
    try:
        return run.verified()
    finally:
        progress("healing")
        injection.heal(lab)


def document(records: Sequence[Record]) -> dict[str, Any]:
    """Return records as one JSON document: the machine, the outcome of all, and each."""
    return {
        "outcome": str(outcome(records)),
        "machine": describe(),
        "restored_within_s": RESTORED_WITHIN_S,
        "watched_s": WATCHED_S,
        "mitigations": [each.to_document() for each in records],
    }


def outcome(records: Sequence[Record]) -> Outcome:
    """Return fail when anything failed, pass when all passed, else unknown."""
    return _together({each.outcome for each in records})


def _together(found: set[Outcome]) -> Outcome:
    if Outcome.FAIL in found:
        return Outcome.FAIL
    return Outcome.PASS if found == {Outcome.PASS} else Outcome.UNKNOWN


def merged(older: Mapping[str, Any], newer: Mapping[str, Any]) -> dict[str, Any]:
    """Return a newer document with those of an older one's records that the newer one has no other word on."""
    known = {(each["fault"], each["steps"]) for each in newer["mitigations"]}
    kept = [each for each in older["mitigations"] if (each["fault"], each["steps"]) not in known]
    together = sorted([*kept, *newer["mitigations"]], key=lambda each: (each["fault"], each["claims"], each["steps"]))
    return {
        **newer,
        "outcome": str(_together({Outcome(each["outcome"]) for each in together})),
        "mitigations": together,
    }


@dataclass
class _Run:
    lab: Lab
    fault: Fault
    way: Mitigation
    progress: Progress
    at: float
    page_s: float | None = None
    took_s: float | None = None

    def verified(self) -> Record:
        try:
            self._page()
        except LabctlError as error:
            return self._record(Outcome.UNKNOWN, error.what, error.expected)
        try:
            self._take()
        except LabctlError as error:
            return self._record(Outcome.FAIL, f"the steps could not be taken: {error.what}", error.expected)
        try:
            restored = self._restored(RESTORED_WITHIN_S if self.way.restores else WATCHED_S)
        except (LabStateError, LookupFailedError) as error:
            return self._record(Outcome.UNKNOWN, error.what)
        if self.way.restores and restored is None:
            return self._record(Outcome.FAIL, f"the users were not well within {RESTORED_WITHIN_S:.0f} s")
        if not self.way.restores and restored is not None:
            return self._record(Outcome.FAIL, f"the users were well {restored:.0f} s later", restored=restored)
        return self._record(Outcome.PASS, restored=restored)

    def _page(self) -> None:
        self.progress("healing, and waiting for the steady state")
        injection.heal(self.lab)
        steady_state.wait(self.lab.metrics, self.lab.rps, timeout=STEADY_WITHIN_S, progress=self.progress)
        self.progress("injecting")
        began = time.time()
        injection.inject(self.lab, self.fault)
        self.progress("waiting for the page")
        due = self.fault.page_due_s(self.lab.rps) - (time.time() - began)
        page = paging.await_page(self.lab.metrics, began, max(0.0, due))
        if page is None:
            raise WaitTimeoutError("no page came")
        self.page_s = round(page.at - began, 1)

    def _take(self) -> None:
        began = time.monotonic()
        for step in self.way.steps:
            self.progress(str(step))
            hands.carry_out(self.lab, step)
        self.took_s = round(time.monotonic() - began, 1)

    def _restored(self, within: float) -> float | None:
        """Return after how many seconds the users were well, and stayed so; None when they were not in time."""
        self.progress("watching the users")
        began = time.monotonic()
        since: list[float] = []

        def well() -> bool:
            if not self._served():
                since.clear()
                return False
            since.append(time.monotonic())
            return since[-1] - since[0] >= HELD_S

        try:
            wait_until(well, what="the service level", timeout=within, interval=0.5)
        except WaitTimeoutError:
            return None
        return round(since[0] - began, 1)

    def _served(self) -> bool:
        if paging.firing(self.lab.metrics):
            return False
        clients = [each for each in steady_state.probes(self.lab.rps) if each.name in steady_state.CLIENTS_VIEW]
        return all(steady_state.Reading(each, self.lab.metrics.scalar(each.query)).holds for each in clients)

    def _record(self, outcome: Outcome, *reasons: str, restored: float | None = None) -> Record:
        claims = "restores" if self.way.restores else "useless"
        said = tuple(filter(None, reasons))
        return Record(self.fault.id, str(self.way), claims, outcome, said, self.page_s, self.took_s, restored, self.at)
