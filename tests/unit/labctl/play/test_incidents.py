import time
from dataclasses import replace

import pytest

from labctl.base import progress
from labctl.base.errors import (
    CatalogueError,
    EngineError,
    InputError,
    LabStateError,
    LookupFailedError,
    SickLabError,
    WaitTimeoutError,
)
from labctl.base.progress import Event, Warned
from labctl.catalogue import own_folders
from labctl.health import paging
from labctl.model.fault import Fault
from labctl.model.incident import Incident, Status
from labctl.model.samples import Alert, Rule
from labctl.model.verdict import MAX_WRONG, Answer, Finding
from labctl.model.vocabulary import Impact
from labctl.operate import injection
from labctl.play import incidents
from labctl.play.evidence import parse_all, where
from labctl.state.records import RECORD
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


class TestSubmit:
    def test_wrong(self, world: World) -> None:
        start(world)
        after = incidents.submit(world.lab, WRONG, ())
        assert (after.status, after.attempts_left, after.curves) == (Status.OPEN, MAX_WRONG - 1, {})

    def test_right_ends_the_clock_and_keeps_the_curves(self, world: World) -> None:
        start(world)
        after = incidents.submit(world.lab, RIGHT, ())
        assert after.status is Status.SOLVED
        assert set(after.curves) >= {"risk: queue", "clients: errors"}
        assert incidents.latest(world.lab) == after

    def test_five_wrong_ones_lock(self, world: World) -> None:
        start(world)
        for _ in range(MAX_WRONG):
            after = incidents.submit(world.lab, WRONG, ())
        assert after.status is Status.LOCKED
        with pytest.raises(LabStateError, match="is over: locked"):
            incidents.submit(world.lab, RIGHT, ())

    def test_nothing_to_answer(self, world: World) -> None:
        with pytest.raises(LabStateError, match="there is no incident"):
            incidents.submit(world.lab, RIGHT, ())

    def test_evidence_is_looked_up_again(self, world: World) -> None:
        start(world)
        after = incidents.submit(world.lab, RIGHT, parse_all(["promql:queue", "promql:cpu"]))
        assert after.attempts[-1].findings == (Finding.COUNTS, Finding.UNMOVED)

    def test_evidence_that_matches_nothing_is_said_before_any_verdict(self, world: World) -> None:
        incident = start(world)
        with pytest.raises(LookupFailedError, match="matches nothing"):
            incidents.submit(world.lab, RIGHT, parse_all(["promql:queue", "promql:nothing"]))
        assert incidents.latest(world.lab) == incident

    def test_what_the_page_measures_is_no_evidence(self, world: World) -> None:
        world.metrics.alerting = [Rule("CheckoutErrorRatioHigh", "recorded > 0.01", 2.0, {})]
        world.metrics.recorded = {"recorded": "sum(errors)"}
        incident = start(world)
        for paged in ("promql:errors", "promql:max(recorded) * 2", "promql:queue + errors"):
            world.use({paged.removeprefix("promql:"): (1.0, 9.0)})
            with pytest.raises(InputError, match="repeats the symptom"):
                incidents.submit(world.lab, RIGHT, parse_all([paged]))
        assert incidents.latest(world.lab) == incident

    def test_a_difference_elsewhere_earns_nothing_and_is_not_told_before_the_end(self, world: World) -> None:
        start(world)
        world.use({"cpu": (0.2, 0.9)})
        world.metrics.labels = {**world.metrics.labels, where("cpu"): {"service": "jobs"}}
        after = incidents.submit(world.lab, RIGHT, parse_all(["promql:cpu"]))
        assert after.attempts[-1].findings == (Finding.ELSEWHERE,)

    @pytest.mark.parametrize("answer", [RIGHT, WRONG])
    def test_a_broken_query_is_an_error_before_any_verdict(
        self, world: World, monkeypatch: pytest.MonkeyPatch, answer: Answer
    ) -> None:
        incident = start(world)

        def refuse(*_: object) -> None:
            raise LookupFailedError("parse error at char 5")

        monkeypatch.setattr(world.metrics, "query_range", refuse)
        with pytest.raises(LookupFailedError, match="parse error"):
            incidents.submit(world.lab, answer, parse_all(["promql:rate("]))
        assert incidents.latest(world.lab) == incident

    @pytest.mark.parametrize("answer", [RIGHT, WRONG])
    def test_the_verdict_is_stored_before_anything_else_can_fail(
        self, world: World, monkeypatch: pytest.MonkeyPatch, answer: Answer
    ) -> None:
        start(world)
        monkeypatch.setattr(incidents, "_curves", lambda *_: pytest.fail("measured"))
        monkeypatch.setattr(
            world.lab.store.journal.__class__, "append", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt)
        )
        with pytest.raises(KeyboardInterrupt):
            incidents.submit(world.lab, answer, ())
        assert len(incidents.latest(world.lab).attempts) == 1  # type: ignore[union-attr]

    def test_a_telemetry_that_is_away_at_the_end_loses_no_result(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        start(world)
        query_range = world.metrics.query_range

        def refuse(*_: object) -> None:
            raise LookupFailedError("away")

        monkeypatch.setattr(world.metrics, "query_range", refuse)
        after = incidents.submit(world.lab, RIGHT, ())
        assert (after.status, after.curves) == (Status.SOLVED, {})
        monkeypatch.setattr(world.metrics, "query_range", query_range)
        incidents.keep_curves(world.lab)
        assert incidents.latest(world.lab).curves  # type: ignore[union-attr]

    def test_links_that_move_after_a_quick_answer_are_kept_while_the_lab_is_broken(self, world: World) -> None:
        start(world)
        quick = incidents.submit(world.lab, RIGHT, ())
        world.clock.sleep(30)
        incidents.keep_curves(world.lab)
        late = incidents.latest(world.lab)
        assert late is not None
        assert _last(late) - _last(quick) >= 29
        injection.heal(world.lab)
        world.clock.sleep(30)
        incidents.keep_curves(world.lab)
        assert incidents.latest(world.lab) == late

    def test_the_journal_has_the_answer_and_the_verdict(self, world: World) -> None:
        start(world)
        incidents.submit(world.lab, WRONG, ())
        kinds = [entry.kind for entry in world.lab.store.journal.entries() if entry.kind != RECORD]
        assert kinds == ["page", "submission"]
        payload = world.lab.store.journal.entries(kind="submission")[0].payload
        assert (payload["verdict"], payload["component"]) == ("wrong", "postgres")


class TestEnding:
    def test_give_up(self, world: World) -> None:
        start(world)
        ended = incidents.give_up(world.lab)
        assert ended is not None
        assert ended.status is Status.GIVEN_UP
        assert ended.curves

    def test_giving_up_needs_no_file_and_says_what_is_missing_without_it(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def spoiled(*_: object) -> Fault:
            raise CatalogueError("the fault's file does not load any more", todo="mend it")

        start(world)
        monkeypatch.setattr(own_folders, "recall", spoiled)
        heard: list[Event] = []
        with progress.listening(heard.append):
            ended = incidents.give_up(world.lab)
        assert ended is not None
        assert (ended.status, ended.curves) == (Status.GIVEN_UP, {})
        (warned,) = heard
        assert isinstance(warned, Warned)
        assert "no measurements yet: the fault's file does not load" in warned.text

    def test_giving_up_nothing_is_harmless(self, world: World) -> None:
        assert incidents.give_up(world.lab) is None
        start(world)
        incidents.submit(world.lab, RIGHT, ())
        assert incidents.give_up(world.lab) is None
        assert incidents.latest(world.lab).status is Status.SOLVED  # type: ignore[union-attr]

    def test_a_break_that_was_killed_is_no_incident(self, world: World) -> None:
        incident = start(world)
        incidents._save(world.lab, replace(incident, status=Status.INJECTING, page=None))
        incidents.reconcile(world.lab)
        assert incidents.latest(world.lab).status is Status.VOID  # type: ignore[union-attr]

    def test_a_healed_lab_has_no_open_incident(self, world: World) -> None:
        start(world)
        injection.heal(world.lab)
        incidents.reconcile(world.lab)
        assert incidents.latest(world.lab).status is Status.GIVEN_UP  # type: ignore[union-attr]

    def test_an_open_one_stays_open(self, world: World) -> None:
        incident = start(world)
        incidents.reconcile(world.lab)
        assert incidents.latest(world.lab) == incident

    def test_nothing_to_reconcile(self, world: World) -> None:
        incidents.reconcile(world.lab)
        assert incidents.latest(world.lab) is None


def test_fog_comes_with_the_incident_and_goes_with_healing(world: World) -> None:
    incidents.start(world.lab, world.fault(), fog="dense")
    assert world.lab.fog.level == "dense"
    assert "telemetry" in {each.component for each in world.lab.store.changes.list()}
    injection.heal(world.lab)
    assert world.lab.fog.level == "clear"


def test_fog_lifts_when_no_page_comes(world: World) -> None:
    world.pages = False
    with pytest.raises(WaitTimeoutError):
        incidents.start(world.lab, world.fault(), fog="dense")
    assert world.lab.fog.level == "clear"
