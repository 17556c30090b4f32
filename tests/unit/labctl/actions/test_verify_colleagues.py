from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import pytest

from labctl.actions import verify_colleagues
from labctl.actions.verify_colleagues import Proofs, planned
from labctl.base.errors import NotFoundError
from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw, End
from labctl.model.lab import Lab
from labctl.model.signature import Outcome
from labctl.model.vocabulary import Component
from labctl.verify.batch import View
from tests.support.example_change import FLAG, NEWS, use_changes
from tests.support.world import World


class Quiet:
    def begin(self, what: str) -> object:
        del what
        return lambda _phase: None

    def end(self, outcome: str, reasons: Sequence[str]) -> None:
        del outcome, reasons


@contextmanager
def watch(_steps: int) -> Iterator[View]:
    yield Quiet()  # type: ignore[misc]


def test_all_are_proved_or_those_that_are_named_at_both_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    use_changes(monkeypatch, FLAG, NEWS)
    assert planned([]) == [(FLAG, End.LOW), (NEWS, End.LOW), (NEWS, End.HIGH)]
    assert planned(["new"]) == [(NEWS, End.LOW), (NEWS, End.HIGH)]
    with pytest.raises(NotFoundError):
        planned(["nothing-like-it"])


def test_components_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = [replace(FLAG, id=f"ledger-{number}", component=Component.LEDGER) for number in range(3)]
    use_changes(monkeypatch, *ledger, replace(FLAG, id="risk", component=Component.RISK))
    assert [change.id for change, _ in planned([])] == ["ledger-0", "risk", "ledger-1", "ledger-2"]


def test_the_proofs_are_kept_after_each_and_a_bad_change_fails_them(world: World) -> None:
    def make(lab: Lab, draw: Draw) -> None:
        world.inject(lab)

    bad = ColleaguesChange("bad", ChangeKind.FLAG, Component.RISK, "", make)
    good = ColleaguesChange(
        "good", ChangeKind.FLAG, Component.RISK, "", lambda *_: world.lab.store.undo_log.add("world", "x", {})
    )
    kept: list[Proofs] = []
    found = verify_colleagues.verify("lab", [(good, End.LOW), (bad, End.LOW)], watch, kept.append)
    assert [each.outcome for each in kept] == [Outcome.UNKNOWN, Outcome.FAIL]
    assert [each.outcome for each in found.records] == [Outcome.PASS, Outcome.FAIL]
    document = found.to_document()
    assert (document["schema"], document["outcome"], document["planned"]) == ("labctl.colleagues/1", "fail", 2)
    assert Proofs(1, found.records[:1]).outcome is Outcome.PASS
    assert Proofs(2, found.records[:1]).outcome is Outcome.UNKNOWN
