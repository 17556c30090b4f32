import pytest

from labctl.base.errors import (
    InputError,
    LabStateError,
    LookupFailedError,
)
from labctl.model.incident import Incident, Status
from labctl.model.samples import Rule
from labctl.model.verdict import MAX_WRONG, Answer, Finding
from labctl.model.vocabulary import Impact
from labctl.operate import injection
from labctl.play import ending, incidents
from labctl.play.evidence import parse_all, where
from labctl.state.records import RECORD
from tests.support.example_fault import CAUSE, NEAR
from tests.support.world import World

RIGHT = Answer(CAUSE, frozenset({Impact.CHECKOUT_ERRORS}))
WRONG = Answer(NEAR, frozenset({Impact.CHECKOUT_ERRORS}))


def start(world: World) -> Incident:
    return incidents.start(world.lab, world.fault())


def _last(incident: Incident) -> float:
    return incident.curves["risk: queue"].broken[-1][0]


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
        monkeypatch.setattr(ending, "_curves", lambda *_: pytest.fail("measured"))
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
