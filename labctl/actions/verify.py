"""Proving faults on a lab."""

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
from labctl.operate import guard
from labctl.play import incidents
from labctl.verify import batch, selection
from labctl.verify.batch import Plan, View
from labctl.verify.batch_record import BatchRecord, findings

KIND = "verification"
Keep = Callable[[BatchRecord], None]
Watch = Callable[[int], AbstractContextManager[View]]
"""Given the number of steps, shows a batch as it goes on."""


@dataclass(frozen=True)
class Asked:
    """Which faults to verify (their ids, all, or those that differ from a git revision), how often, for how long."""

    ids: tuple[str, ...] = ()
    everything: bool = False
    changed: str | None = None
    shard: str | None = None
    repeat: int = 1
    budget_s: float | None = None
    soak_s: float = 0.0

    @property
    def only_soak(self) -> bool:
        """Whether no fault is meant, only the healthy lab."""
        return bool(self.soak_s) and not (
            self.ids or self.everything or self.changed is not None or self.shard is not None
        )


@dataclass(frozen=True)
class Verification:
    """What is to be verified, and told apart from what."""

    plan: Plan
    known: tuple[Fault, ...]
    named: bool


def planned(asked: Asked, folder: Path | None = None) -> Verification:
    """Return what is meant. Raises InputError, NotFoundError, FaultFileError for a file that is needed."""
    known = catalogue.known(folder) if asked.everything or asked.changed is not None else _around(asked.ids, folder)
    chosen = (
        []
        if asked.only_soak
        else selection.select(known, asked.ids, everything=asked.everything, changed=asked.changed, shard=asked.shard)
    )
    plan = Plan(tuple(chosen), asked.repeat, asked.soak_s, asked.budget_s)
    return Verification(plan, tuple(known), bool(asked.ids))


def verify(name: str, meant: Verification, watch: Watch, keep: Keep) -> BatchRecord:
    """Verify on a lab, and return what was found; `keep` gets it after each run, so that nothing is lost.

    `watch` shows how far it is. Raises LabStateError for a fault named that the lab can't show, HealError.
    """
    lab = Lab.open(name)

    def stored(found: BatchRecord) -> None:
        for record in found.records[-1:]:
            lab.store.documents.put(KIND, iso(record.started_at), record.to_document())
        keep(found)

    # What is asked for by name has to be possible; of many, what the load can't show is left out, and unknown.
    for fault in meant.plan.faults if meant.named else ():
        incidents.require_fit(lab, fault)
    with guard.exclusive(lab, "verify"):
        incidents.reconcile(lab)
        incidents.require_none(lab)
        with watch(meant.plan.steps) as view:
            return batch.run(lab, meant.plan, meant.known, view, stored)


def without_margin(found: BatchRecord) -> list[str]:
    """Return the faults of the runs of which the margin was not measured."""
    return [each.fault for each in found.records if each.margin is None or each.margin.healthy is None]


def passed(found: BatchRecord, margin: float | None) -> bool:
    """Whether everything that was asked for was run and passes, with the margin that was asked for."""
    wide = margin is None or not (without_margin(found) or findings(found, margin))
    return found.outcome is Outcome.PASS and wide


def _around(ids: Sequence[str], folder: Path | None) -> tuple[Fault, ...]:
    """Return the faults that load, those named among them: only a file that is asked for has to be sound."""
    for each in ids:
        catalogue.find(each, folder)
    return tuple(usable(folder))
