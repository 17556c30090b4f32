import time
from dataclasses import replace

import pytest

from labctl.base.errors import (
    EngineError,
    HostError,
    LabStateError,
    SickLabError,
    WaitTimeoutError,
)
from labctl.health import baseline, paging
from labctl.lab.lab import Lab
from labctl.model.draw import Draw, Range, usual
from labctl.model.fault import Fault
from labctl.model.incident import Incident, Status
from labctl.model.lab import Lab as ModelLab
from labctl.model.samples import Alert, Rule
from labctl.model.surroundings import Decoy, Surroundings
from labctl.model.verdict import Answer
from labctl.model.vocabulary import Impact
from labctl.operate import injection
from labctl.play import incidents, starting
from labctl.state import reserve
from labctl.state.change_feed import NewChange
from tests.support.example_fault import CAUSE, NEAR
from tests.support.world import PAGE_S, World

RIGHT = Answer(CAUSE, frozenset({Impact.CHECKOUT_ERRORS}))
WRONG = Answer(NEAR, frozenset({Impact.CHECKOUT_ERRORS}))


def start(world: World) -> Incident:
    return incidents.start(world.lab, world.fault())


def _last(incident: Incident) -> float:
    return incident.curves["risk: queue"].broken[-1][0]


class TestStart:
    def test_the_clock_starts_with_the_page(self, world: World) -> None:
        incident = start(world)
        assert incident.status is Status.OPEN
        assert incident.page is not None
        assert incident.page.summary == "Checkouts fail"
        assert incident.page.at - incident.injected_at == pytest.approx(PAGE_S, abs=1)
        assert incident.healthy.end <= incident.injected_at
        assert incidents.latest(world.lab) == incident

    def test_one_seed_draws_the_same_and_it_is_kept_for_the_debrief(self, world: World) -> None:
        size = Range("the pool's size", ("1", "2", "3", "4", "5"))
        drawn: list[str] = []

        def inject(lab: Lab, draw: Draw) -> None:
            drawn.append(draw.of(size))
            world.inject(lab)

        for seed in (7, 7, 8, 9, 10, 11):
            incident = incidents.start(world.lab, world.fault(inject=inject, varies=(size,)), seed)
            assert incident.drawn == {"the pool's size": drawn[-1]}
            assert incidents.latest(world.lab) == incident
            incidents.give_up(world.lab)
            injection.heal(world.lab)
        assert drawn[0] == drawn[1]
        assert len(set(drawn)) > 1

    def test_a_break_that_is_stopped_for_a_while_gains_nothing(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fired_at: list[float] = []
        alerts = world.alerts

        def stopped() -> list[Alert]:
            found = alerts()
            if found and not fired_at:
                fired_at.append(world.clock.now)
                world.clock.sleep(34)
            return [replace(each, active_at=fired_at[0] - 2) for each in found]

        world.metrics.alerting = [Rule("CheckoutErrorRatioHigh", "x > 1", 2.0, {})]
        world.metrics.firing = stopped
        incident = start(world)
        assert incident.page is not None
        assert incident.page.at == pytest.approx(fired_at[0], abs=0.1)
        assert incident.clock_s(incident.now()) >= 34

    def test_a_page_that_came_and_went_meanwhile_counts_from_when_it_came(self, world: World) -> None:
        began = world.clock.now
        world.metrics.firing = list
        world.use({paging.FIRED: (1.0, 1.0)})
        world.metrics.labels = {**world.metrics.labels, paging.FIRED: {"alertname": "LedgerRestarted"}}
        signal = world.metrics.signals[paging.FIRED]
        world.metrics.signals = {
            **world.metrics.signals,
            paging.FIRED: lambda at: signal(at) if began + 20 < at < began + 30 else None,
        }
        incident = start(world)
        assert incident.page is not None
        assert incident.page.alert == "LedgerRestarted"
        assert incident.page.at == pytest.approx(began + 20, abs=2)

    def test_a_wall_clock_that_is_set_back_does_not_stop_the_clock(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        incident = start(world)
        world.clock.sleep(100)
        monkeypatch.setattr(time, "time", lambda: world.clock.now - 3600)
        after = incidents.submit(world.lab, WRONG, ())
        assert after.clock_s(after.now()) == pytest.approx(100 + 300, abs=2)
        assert after.attempts[-1].at > incident.injected_at + 100

    def test_incidents_are_numbered(self, world: World) -> None:
        assert start(world).id == "INC-0001"
        incidents.give_up(world.lab)
        injection.heal(world.lab)
        assert start(world).id == "INC-0002"

    def test_a_sick_lab_is_refused_with_what_is_sick(self, world: World) -> None:
        world.use({"steady": (1.0, 1.0)})
        with pytest.raises(SickLabError, match="checkout errors"):
            start(world)
        assert world.broken == []
        assert incidents.latest(world.lab) is None

    def test_a_second_one_is_refused(self, world: World) -> None:
        start(world)
        with pytest.raises(LabStateError, match="INC-0001 is still open"):
            start(world)

    def test_a_lab_that_was_not_healed_is_refused(self, world: World) -> None:
        start(world)
        incidents.give_up(world.lab)
        with pytest.raises(LabStateError, match="still broken"):
            start(world)

    def test_without_a_page_the_lab_is_healed_and_there_is_no_incident(self, world: World) -> None:
        world.pages = False
        with pytest.raises(WaitTimeoutError, match="no page came within 30 s"):
            start(world)
        assert world.healthy_now
        assert incidents.latest(world.lab).status is Status.VOID  # type: ignore[union-attr]
        with pytest.raises(LabStateError, match="there is no incident"):
            incidents.require_open(world.lab)

    @pytest.mark.parametrize("error", [KeyboardInterrupt(), EngineError("docker refused")])
    def test_cut_short_the_lab_is_healed(self, world: World, error: BaseException) -> None:
        def fail() -> None:
            raise error

        world.on_inject = fail
        with pytest.raises(type(error)):
            start(world)
        assert world.healthy_now
        assert injection.injected(world.lab) == []

    def test_one_that_never_opened_uses_up_no_number(self, world: World) -> None:
        world.pages = False
        for _ in range(2):
            with pytest.raises(WaitTimeoutError):
                start(world)
        world.pages = True
        assert start(world).id == "INC-0001"

    def test_nothing_in_the_state_folder_names_the_fault(self, world: World) -> None:
        start(world)
        incidents.submit(world.lab, WRONG, ())
        for path in world.lab.folder.rglob("*"):
            assert not path.is_file() or b"example-fault" not in path.read_bytes()


def test_fog_comes_with_the_incident_and_goes_with_healing(world: World) -> None:
    incidents.start(world.lab, world.fault(), fog="dense")
    assert world.lab.fog.level == "dense"
    assert world.lab.store.undo_log.entries()[-1].mechanism == "fog", "before the injection"
    assert "telemetry" not in {each.component for each in world.lab.store.changes.list()}
    injection.heal(world.lab)
    assert world.lab.fog.level == "clear"


def test_fog_lifts_when_what_comes_before_the_injection_fails(world: World) -> None:
    def fail(lab: Lab, fault: Fault, seed: int | None) -> Surroundings:
        raise EngineError("no room")

    with pytest.raises(EngineError):
        incidents.start(world.lab, world.fault(), others=starting.Others(fail), fog="dense")
    assert world.lab.fog.level == "clear"
    assert incidents.latest(world.lab) is None


def test_fog_lifts_when_no_page_comes(world: World) -> None:
    world.pages = False
    with pytest.raises(WaitTimeoutError):
        incidents.start(world.lab, world.fault(), fog="dense")
    assert world.lab.fog.level == "clear"


def test_a_full_disk_starts_no_incident(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reserve, "is_short", lambda _folder: True)
    with pytest.raises(HostError, match="is full"):
        start(world)
    assert incidents.latest(world.lab) is None
    assert world.healthy_now
    assert world.lab.store.changes.list() == []


def test_what_is_healthy_is_told_by_the_fog_that_comes(world: World) -> None:
    change = world.lab.store.changes.add(NewChange("configuration", "risk", "More", "5", "6", "a.b"))
    incident = incidents.start(world.lab, world.fault(), fog="dense")
    assert incident.healthy.start >= change.at + baseline.look_back_s(world.lab, "dense") > change.at + 60


def test_what_lay_around_is_kept_with_the_incident(world: World) -> None:
    laid = Surroundings(near=2, decoy=Decoy(1, "ledger"), began=world.clock.now - 3)
    incident = incidents.start(world.lab, world.fault(), others=starting.Others(lambda *_given: laid), fog="hazy")
    kept = incidents.latest(world.lab)
    assert kept
    assert kept.around == incident.around
    assert (kept.around.fog, kept.around.near, kept.around.decoy) == ("hazy", 2, laid.decoy)
    assert kept.around.left_out["one_trace_in"] == 10
    assert kept.around.cause == (), "this fault leaves none"
    assert kept.page
    assert kept.break_s == round(kept.page.at - (laid.began or 0), 1)
    (paged,) = world.lab.store.journal.entries(kind=starting.PAGE)
    assert paged.payload["break_s"] == kept.break_s


def test_others_work_between_the_injection_and_the_page_and_are_not_the_cause(world: World) -> None:
    lab = world.lab

    def inject(given: ModelLab) -> None:
        lab.store.changes.add(NewChange("configuration", "risk", "Fewer", "5", "1", "a.b"))
        world.fault().break_lab(given, usual())

    def meanwhile(*_: object) -> None:
        lab.store.changes.add(NewChange("configuration", "risk", "More", "5", "6", "c.d"))

    incident = incidents.start(lab, world.fault(inject=inject), others=starting.Others(meanwhile=meanwhile))
    told = {each.id: each.summary for each in lab.store.changes.list()}
    assert [told[each] for each in incident.around.cause or ()] == ["Fewer"]
    assert list(told.values())[-2:] == ["Fewer", "More"]
