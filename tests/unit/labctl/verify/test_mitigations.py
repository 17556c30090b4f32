from __future__ import annotations

import pytest

from labctl.base.errors import LabStateError
from labctl.health import steady_state
from labctl.model.mitigation import Mitigation, Restart, restores, useless
from labctl.model.signature import Outcome
from labctl.operate import hands
from labctl.verify import mitigations
from labctl.verify.mitigations import Record, document, merged, outcome, verify
from tests.support.world import PAGE_S, STEADY, World

HELPS = restores(Restart("risk"), why="it mends it")
DOES_NOT = useless(Restart("payments"), why="it is well")


@pytest.fixture(autouse=True)
def takes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Restarting risk mends this world, nothing else does."""

    def take(_lab: object, step: object) -> list[int]:
        if step == Restart("risk"):
            world.heal()
        return []

    monkeypatch.setattr(hands, "carry_out", take)
    monkeypatch.setattr(mitigations, "describe", lambda: {"cores": 2})
    monkeypatch.setattr(steady_state, "CLIENTS_VIEW", frozenset({STEADY.name}))


def run(world: World, way: Mitigation) -> Record:
    return verify(world.lab, world.fault(), way, lambda _: None)


def test_a_way_that_restores_is_watched_until_it_holds(world: World) -> None:
    record = run(world, HELPS)
    assert (record.outcome, record.reasons) == (Outcome.PASS, ())
    assert record.page_s == pytest.approx(PAGE_S, abs=1)
    assert record.restored_s is not None
    assert world.healthy_now


def test_a_useless_way_leaves_the_users_as_they_were(world: World) -> None:
    record = run(world, DOES_NOT)
    assert (record.outcome, record.restored_s) == (Outcome.PASS, None)
    assert world.healthy_now


@pytest.mark.parametrize(
    ("way", "said"),
    [(restores(Restart("payments"), why=""), "not well within"), (useless(Restart("risk"), why=""), "were well")],
)
def test_a_claim_that_does_not_hold_fails(world: World, way: Mitigation, said: str) -> None:
    record = run(world, way)
    assert record.outcome is Outcome.FAIL
    assert said in record.reasons[0]
    assert world.healthy_now


def test_steps_that_cannot_be_taken_fail(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_lab: object, _step: object) -> list[int]:
        raise LabStateError("nothing was changed")

    monkeypatch.setattr(hands, "carry_out", refuse)
    record = run(world, HELPS)
    assert record.outcome is Outcome.FAIL
    assert record.reasons[0] == "the steps could not be taken: nothing was changed"
    assert world.healthy_now


def test_without_a_page_nothing_is_known(world: World) -> None:
    world.pages = False
    assert run(world, HELPS).outcome is Outcome.UNKNOWN
    assert world.healthy_now


def test_figures_that_are_missing_are_no_health(world: World) -> None:
    world.on_inject = lambda: world.use({"steady": None})
    assert run(world, HELPS).outcome is Outcome.FAIL


def test_a_batch_passes_only_when_all_do() -> None:
    made = [Record("a", "restart risk", "restores", each) for each in (Outcome.PASS, Outcome.UNKNOWN, Outcome.FAIL)]
    assert outcome(made) is Outcome.FAIL
    assert outcome(made[:2]) is Outcome.UNKNOWN
    assert outcome(made[:1]) is Outcome.PASS
    assert outcome([]) is Outcome.UNKNOWN


def test_records_of_other_ways_stay_and_of_the_same_are_replaced() -> None:
    older = document([Record("a", "x", "restores", Outcome.FAIL), Record("b", "y", "useless", Outcome.PASS)])
    newer = document([Record("a", "x", "restores", Outcome.PASS)])
    together = merged(older, newer)
    assert [(each["fault"], each["outcome"]) for each in together["mitigations"]] == [("a", "pass"), ("b", "pass")]
    assert together["outcome"] == "pass"
    assert merged(newer, older)["outcome"] == "fail"


@pytest.mark.parametrize("first", Outcome)
@pytest.mark.parametrize("second", Outcome)
def test_a_merged_document_has_the_outcome_that_one_batch_would_have(first: Outcome, second: Outcome) -> None:
    one, other = Record("a", "x", "restores", first), Record("b", "y", "useless", second)
    together = merged(document([one]), document([other]))
    assert together["outcome"] == document([one, other])["outcome"]
