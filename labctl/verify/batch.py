"""A batch: verifications one after another, as many as fit into a budget; the record is saved after each of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from labctl.lab.lab import Lab
from labctl.model.draw import End
from labctl.model.fault import Fault
from labctl.verify import selection
from labctl.verify.batch_record import BatchRecord
from labctl.verify.soak import BASELINE_S, Soak, soak
from labctl.verify.verification import Progress, UnhealedError, verify
from labctl.verify.verification_record import Record

Keep = Callable[[BatchRecord], None]
SOAK_AROUND_S = BASELINE_S + 30.0
"""Seconds that a soak takes on top of the time that it watches."""


class View(Protocol):
    """Shows people the progress of a batch."""

    def begin(self, what: str) -> Progress:
        """Show that a verification, or the soak, begins; return the callback that takes its phases."""
        ...

    def end(self, outcome: str, reasons: Sequence[str]) -> None:
        """Show the outcome of the one that began last."""
        ...


@dataclass(frozen=True)
class Plan:
    """What a batch has to do: verify every fault `repeat` times, round by round, then soak; times in seconds."""

    faults: tuple[Fault, ...]
    repeat: int = 1
    soak_s: float = 0.0
    budget_s: float | None = None
    meanwhile: Callable[[Lab], None] | None = None
    """What is done to the lab again and again during the soak, of which nobody should feel anything."""
    fog: str = ""
    """The level of fog in which the faults' evidence is looked at; empty to judge chains and signatures."""
    ends: bool = False
    """Whether a fault in which something varies is verified at both ends, not with the usual values alone."""

    @property
    def verifications(self) -> list[tuple[Fault, End]]:
        """The verifications in the order in which they are made: round by round, so that each fault gets its turn."""
        return [(fault, end) for fault in self.faults for end in self._ends(fault)] * self.repeat

    def _ends(self, fault: Fault) -> tuple[End, ...]:
        return tuple(End) if self.ends and fault.varies else (End.LOW,)

    @property
    def steps(self) -> int:
        """How many verifications and soaks the batch has."""
        return len(self.verifications) + bool(self.soak_s)

    def fits(self, began: float, takes_s: float) -> bool:
        """Whether work of `takes_s` seconds would end within the budget of a batch that `began` then (monotonic)."""
        return self.budget_s is None or time.monotonic() - began + takes_s <= self.budget_s


def planned(plan: Plan) -> BatchRecord:
    """Return the record of a batch before its first verification."""
    return BatchRecord(not_run=tuple(fault.id for fault, _ in plan.verifications), soak_not_run=bool(plan.soak_s))


def run(lab: Lab, plan: Plan, catalogue: Sequence[Fault], view: View, keep: Keep) -> BatchRecord:
    """Run the batch on a lab that the caller holds; `keep` gets the record so far after every step. Raises HealError.

    Verifications still to come count as not run, so an interrupted batch never looks like one that passed.
    """
    began = time.monotonic()
    records: list[Record] = []
    left_out: list[str] = []
    reasons: dict[str, str] = {}

    def so_far(made: int, found: Soak | None = None) -> BatchRecord:
        waiting = tuple(fault.id for fault, _ in plan.verifications[made:])
        soak_missing = bool(plan.soak_s) and found is None
        return BatchRecord(tuple(records), (*left_out, *waiting), found, soak_missing, dict(reasons))

    keep(planned(plan))  # a record file that can't be written is an error before anything is injected
    for made, (fault, end) in enumerate(plan.verifications, start=1):
        progress = view.begin(f"{fault.id} ({end})" if plan.ends and fault.varies else fault.id)
        if reason := _why_not(fault, lab, plan, began, records):
            left_out.append(fault.id)
            reasons[fault.id] = reason
            view.end("not run", (reason,))
        else:
            try:
                records.append(verify(lab, fault, progress, catalogue, plan.fog, end=end))
            except UnhealedError as error:
                records.append(error.record)
                keep(so_far(made))
                raise
            view.end(str(records[-1].outcome), records[-1].reasons)
        keep(so_far(made))
    whole = so_far(len(plan.verifications), _soaked(lab, plan, catalogue, view, began))
    keep(whole)
    return whole


def _why_not(fault: Fault, lab: Lab, plan: Plan, began: float, records: Sequence[Record]) -> str:
    """Return why a verification is left out; empty when it can run."""
    if reason := fault.unfit(lab.rps, lab.speed):
        return reason
    if not plan.fits(began, selection.expected(fault, lab.rps, records)):
        return "it would not fit into the budget"
    return ""


def _soaked(lab: Lab, plan: Plan, catalogue: Sequence[Fault], view: View, began: float) -> Soak | None:
    if not plan.soak_s:
        return None
    progress = view.begin("soak")
    if not plan.fits(began, plan.soak_s + SOAK_AROUND_S):
        view.end("not run", ("it would not fit into the budget",))
        return None
    others = {"meanwhile": plan.meanwhile} if plan.meanwhile else {}
    found = soak(lab, catalogue, plan.soak_s, progress, **others)
    view.end(str(found.outcome), found.reasons)
    return found
