from __future__ import annotations

import re
from dataclasses import replace

import pytest

from labctl.base import paths
from labctl.base.errors import EngineError, HealError
from labctl.health import stolen
from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw, End
from labctl.model.lab import Lab
from labctl.model.signature import Outcome
from labctl.model.vocabulary import Component
from labctl.verify import harmless
from labctl.verify.harmless import Harmlessness, prove
from tests.support.world import World


def nothing(lab: Lab, draw: Draw) -> None:
    del lab, draw


def change(world: World, *, breaks: bool) -> ColleaguesChange:
    def make(lab: Lab, draw: Draw) -> None:
        if breaks:
            world.inject(lab)
        else:
            world.lab.store.undo_log.add("world", "a bit of it", {})

    return ColleaguesChange("a-change", ChangeKind.FLAG, Component.RISK, "", make)


def proved(world: World, *, breaks: bool = False, settled: bool = False) -> Harmlessness:
    told: list[str] = []
    found = prove(
        world.lab, change(world, breaks=breaks), End.LOW, faults=[world.fault()], progress=told.append, settled=settled
    )
    assert told[0].startswith("healing")
    assert world.healthy_now, "whatever was found, the lab is healed"
    assert world.lab.store.undo_log.entries() == []
    return found


def test_a_change_that_nobody_feels_passes(world: World) -> None:
    found = proved(world)
    assert (found.outcome, found.reasons) == (Outcome.PASS, ())
    assert found.watched_s >= harmless.WATCHED_S
    assert found.to_document()["outcome"] == "pass"


def test_one_that_breaks_something_fails_with_the_page_and_the_signature(world: World) -> None:
    found = proved(world, breaks=True)
    assert found.outcome is Outcome.FAIL
    assert found.held == ["example-fault"]
    assert any("not healthy" in each for each in found.unsteady)


def test_what_is_felt_while_others_have_the_hosts_cpu_says_nothing(world: World) -> None:
    world.use({stolen.SHARE: (0.3, 0.3)})
    found = proved(world, breaks=True)
    assert found.outcome is Outcome.UNKNOWN
    assert "took 30% of its CPU away" in found.reasons[-1]
    assert proved(world).outcome is Outcome.PASS


def test_what_others_took_before_the_change_is_no_excuse(world: World) -> None:
    world.use_before(stolen.SHARE, 0.3)
    assert proved(world, breaks=True).outcome is Outcome.FAIL


def test_what_is_left_behind_is_nobody_elses_doing(world: World) -> None:
    world.use({stolen.SHARE: (0.3, 0.3)})
    world.on_heal = lambda: world.left.update({"redis: keys": "1"} if world.lab.store.undo_log.entries() else {})
    assert proved(world, breaks=True).outcome is Outcome.FAIL


@pytest.mark.parametrize("breaks", [False, True])
def test_after_something_harmless_nobody_waits(world: World, breaks: bool) -> None:
    world.lab.store.touch()
    began = world.clock.now
    assert proved(world, breaks=breaks, settled=True).outcome is (Outcome.FAIL if breaks else Outcome.PASS)
    assert breaks or world.clock.now - began < harmless.WATCHED_S + 5


@pytest.mark.parametrize(
    ("kind", "component", "waits"),
    [
        (ChangeKind.RELEASE, Component.LEDGER, True),
        (ChangeKind.FLAG, Component.LEDGER, False),
        (ChangeKind.RELEASE, Component.RISK, False),
    ],
)
def test_two_roll_outs_of_a_service_whose_restarts_page_are_as_far_apart_as_colleagues_make_them(
    world: World, kind: ChangeKind, component: Component, waits: bool
) -> None:
    query = harmless.SINCE_START.format(service=component)
    world.use({query: (15.0, 15.0)})
    told: list[str] = []
    began = world.clock.now
    made = replace(change(world, breaks=False), kind=kind, component=component)
    assert prove(world.lab, made, End.LOW, faults=[world.fault()], progress=told.append, settled=True).pages == []
    # Before it is made, and before it is undone.
    assert told.count("letting 30 s pass since the last roll-out of ledger") == (2 if waits else 0)
    assert (world.clock.now - began > 60 + harmless.WATCHED_S) is waits


def test_one_that_leaves_something_fails(world: World) -> None:
    world.on_heal = lambda: world.left.update({"redis: keys": "1"} if world.lab.store.undo_log.entries() else {})
    found = proved(world)
    assert found.outcome is Outcome.FAIL
    assert found.leftovers == ["redis: keys is new (1)"]


def test_one_that_cannot_be_made_fails(world: World) -> None:
    def fail(lab: Lab, draw: Draw) -> None:
        del lab, draw
        raise EngineError("the image can't be built")

    broken = ColleaguesChange("a-change", ChangeKind.RELEASE, Component.RISK, "", fail)
    found = prove(world.lab, broken, End.LOW, faults=[world.fault()], progress=lambda _: None)
    assert (found.outcome, found.doubts) == (Outcome.FAIL, [])
    assert "the image can't be built" in found.reasons[0]


def test_in_a_sick_lab_nothing_is_known(world: World) -> None:
    world.use({"steady": (1.0, 1.0)})
    found = proved(world)
    assert found.outcome is Outcome.UNKNOWN
    assert found.made_s is None


def test_one_that_can_not_be_undone_is_said(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise HealError("it stays", todo="")

    monkeypatch.setattr(world, "on_heal", refuse)
    with pytest.raises(HealError):
        prove(world.lab, change(world, breaks=True), End.LOW, faults=[world.fault()], progress=lambda _: None)


def test_what_pages_by_restarts_is_known() -> None:
    alerts = (paths.bundle_root() / "compose" / "prometheus" / "alerts.yml").read_text("utf-8")
    counted = re.findall(r'changes\(max\(container_start_time_seconds\{service="(\w+)"', alerts)
    assert set(counted) == harmless.RESTARTS_PAGE


def drawing(lab: Lab, draw: Draw) -> None:
    lab.configuration.change("risk", "DB_POOL_MAX", str(draw.number(1, 3)), author=draw.author(), summary="More")


def wording(lab: Lab, draw: Draw) -> None:
    lab.configuration.change("risk", "DB_POOL_MAX", "2", author=draw.author(), summary=draw.one_of("More", "Less"))


@pytest.mark.parametrize(("make", "ends"), [(drawing, 2), (wording, 1)])
def test_both_ends_of_a_range_have_to_be_proved(make: object, ends: int) -> None:
    drawn = ColleaguesChange("a-change", ChangeKind.CONFIGURATION, Component.RISK, "", make)  # type: ignore[arg-type]
    assert len(harmless.ends(drawn)) == ends
