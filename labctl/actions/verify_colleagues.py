"""Verifying colleagues' changes on a lab: that each is harmless, and undone without a trace."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from labctl.actions.verify import Watch
from labctl.base.words import matching
from labctl.catalogue import catalogue, colleagues
from labctl.docker.machine import describe
from labctl.lab.lab import Lab
from labctl.model.colleague import ColleaguesChange
from labctl.model.draw import End
from labctl.model.signature import Outcome
from labctl.operate import guard
from labctl.play import incidents
from labctl.verify import harmless
from labctl.verify.harmless import Harmlessness


@dataclass(frozen=True)
class Proofs:
    """The proofs of some changes, one for each end of what they draw."""

    planned: int
    records: tuple[Harmlessness, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """Pass when every planned proof was made and passed."""
        found = [each.outcome for each in self.records]
        if Outcome.FAIL in found:
            return Outcome.FAIL
        return Outcome.PASS if found == [Outcome.PASS] * self.planned else Outcome.UNKNOWN

    def to_document(self) -> dict[str, Any]:
        """Return the proofs as JSON types."""
        return {
            "schema": "labctl.colleagues/1",
            "outcome": str(self.outcome),
            "planned": self.planned,
            "machine": describe(),
            "records": [each.to_document() for each in self.records],
        }


Keep = Callable[[Proofs], None]


def planned(ids: Sequence[str]) -> list[tuple[ColleaguesChange, End]]:
    """Return what to prove: the named changes, or all. Raises NotFoundError, InputError, ChangeFileError."""
    known = colleagues.ids()
    named = [matching("colleague's change", each, known) for each in ids] or list(known)
    changes = [colleagues.load(each) for each in named]
    return _in_turn([(change, end) for change in changes for end in harmless.ends(change)])


def _in_turn(pairs: Sequence[tuple[ColleaguesChange, End]]) -> list[tuple[ColleaguesChange, End]]:
    """Let components take turns: between two roll-outs of one, some time has to pass."""
    seen: Counter[str] = Counter()
    turns = []
    for change, _ in pairs:
        turns.append(seen[change.component])
        seen[change.component] += 1
    return [pair for _, pair in sorted(zip(turns, pairs, strict=True), key=itemgetter(0))]


def verify(name: str, plan: Sequence[tuple[ColleaguesChange, End]], watch: Watch, keep: Keep) -> Proofs:
    """Prove each change of a plan; `keep` gets the proofs so far after each. Raises HealError, LabStateError."""
    lab = Lab.open(name)
    faults = catalogue.usable().faults
    found = Proofs(len(plan))
    with guard.exclusive(lab, "verify"):
        incidents.reconcile(lab)
        incidents.require_none(lab)
        with watch(len(plan)) as view:
            for change, end in plan:
                progress = view.begin(f"{change.id} ({end})")
                calm = found.records[-1].outcome is Outcome.PASS if found.records else False
                record = harmless.prove(lab, change, end, faults=faults, progress=progress, settled=calm)
                view.end(str(record.outcome), record.reasons)
                found = Proofs(len(plan), (*found.records, record))
                keep(found)
    return found
