"""Verifying faults on a lab."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from labctl.actions.incident import usable
from labctl.base.times import iso
from labctl.catalogue import catalogue
from labctl.lab.lab import Lab
from labctl.model.fault import Fault
from labctl.model.signature import Outcome
from labctl.operate import guard, injection
from labctl.play import incidents
from labctl.play.director import step
from labctl.verify import batch, mitigations, selection
from labctl.verify.batch import Plan, View
from labctl.verify.batch_record import BatchRecord, findings

KIND = "verification"
Keep = Callable[[BatchRecord], None]
Watch = Callable[[int], AbstractContextManager[View]]
"""Takes the number of steps; shows the batch's progress while its context is open."""


@dataclass(frozen=True)
class Asked:
    """The user's options: which faults (ids, all, or changed since a git revision), how often, how long at most."""

    ids: tuple[str, ...] = ()
    everything: bool = False
    changed: str | None = None
    shard: str | None = None
    repeat: int = 1
    budget_s: float | None = None
    soak_s: float = 0.0
    colleagues: bool = False
    """Whether colleagues' changes are made during the soak."""
    fog: str = ""
    ends: bool = False

    @property
    def only_soak(self) -> bool:
        """Whether only a soak of the healthy lab was asked for, and no fault."""
        return bool(self.soak_s) and not (
            self.ids or self.everything or self.changed is not None or self.shard is not None
        )


@dataclass(frozen=True)
class Verification:
    """The plan of a batch; `known` are the faults to tell apart; `named` when the user gave ids."""

    plan: Plan
    known: tuple[Fault, ...]
    named: bool


def planned(asked: Asked, folder: Path | None = None) -> Verification:
    """Return the batch that the options describe. Raises InputError, NotFoundError, FaultFileError for a bad file."""
    known = catalogue.known(folder) if asked.everything or asked.changed is not None else _around(asked.ids, folder)
    chosen = (
        []
        if asked.only_soak
        else selection.select(known, asked.ids, everything=asked.everything, changed=asked.changed, shard=asked.shard)
    )
    meanwhile = step.hurry if asked.colleagues else None
    plan = Plan(tuple(chosen), asked.repeat, asked.soak_s, asked.budget_s, meanwhile, asked.fog, asked.ends)
    return Verification(plan, tuple(known), bool(asked.ids))


def verify(name: str, meant: Verification, watch: Watch, keep: Keep) -> BatchRecord:
    """Run the batch on a lab and return its record; `keep` gets the record so far after each run.

    `watch` shows the progress. Raises LabStateError for a fault given by its id that would not show here, HealError.
    """
    lab = Lab.open(name)
    if meant.plan.fog:
        lab.fog_file.check(meant.plan.fog)

    def stored(found: BatchRecord) -> None:
        for record in found.records[-1:]:
            lab.store.documents.put(KIND, iso(record.started_at), record.to_document())
        keep(found)

    # A fault given by its id has to show here; of --all or --changed, those that would not show count as not run.
    for fault in meant.plan.faults if meant.named else ():
        incidents.require_fit(lab, fault)
    with guard.exclusive(lab, "verify"):
        incidents.reconcile(lab)
        incidents.require_none(lab)
        with watch(meant.plan.steps) as view:
            try:
                return batch.run(lab, meant.plan, meant.known, view, stored)
            finally:
                if meant.plan.meanwhile:
                    injection.heal(lab)


def verify_mitigations(
    name: str, meant: Verification, watch: Watch, keep: Callable[[Sequence[mitigations.Record]], None]
) -> list[mitigations.Record]:
    """Verify every way to help that is known of the plan's faults, and return a record each.

    `keep` gets the records so far after each. A fault that would not show here has no record. Raises HealError.
    """
    lab = Lab.open(name)
    ways = [(fault, way) for fault, _ in meant.plan.verifications for way in fault.mitigations]
    found: list[mitigations.Record] = []
    with guard.exclusive(lab, "verify"):
        incidents.reconcile(lab)
        incidents.require_none(lab)
        with watch(len(ways)) as view:
            for fault, way in ways:
                step = view.begin(f"{fault.id}: {way}")
                if reason := fault.unfit(lab.rps, lab.speed):
                    view.end("not run", (reason,))
                    continue
                found.append(mitigations.verify(lab, fault, way, step))
                view.end(str(found[-1].outcome), found[-1].reasons)
                keep(found)
    return found


def without_margin(found: BatchRecord) -> list[str]:
    """Return the ids of the faults in whose runs the margin was not measured, one for each such run."""
    return [each.fault for each in found.records if each.margin is None or each.margin.healthy is None]


def passed(found: BatchRecord, margin: float | None) -> bool:
    """Whether every planned run was made and passed, with at least `margin` if one is given."""
    wide = margin is None or not (without_margin(found) or findings(found, margin))
    return found.outcome is Outcome.PASS and wide


def _around(ids: Sequence[str], folder: Path | None) -> tuple[Fault, ...]:
    """Return the faults that load. Raises FaultFileError when one of `ids` does not: only those files matter."""
    for each in ids:
        catalogue.find(each, folder)
    return tuple(usable(folder))
