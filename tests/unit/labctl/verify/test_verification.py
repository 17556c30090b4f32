import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from labctl.base.errors import EngineError, HealError, LookupFailedError
from labctl.health import baseline, coverage, stolen
from labctl.health.paging import FIRED
from labctl.lab import fingerprint
from labctl.lab.calibration import calibrate
from labctl.model.probe import Probe, at_least
from labctl.model.samples import Alert, Series
from labctl.model.signature import Outcome
from labctl.operate import injection
from labctl.verify.verification import UnhealedError, verify
from labctl.verify.verification_record import Record
from tests.support.example_fault import EXAMPLE
from tests.support.world import DELAY_S, PAGE_S, RECOVER_S, World


def run(world: World, **changed: object) -> Record:
    fault = world.fault(**changed)
    return verify(world.lab, fault, lambda _: None, (fault,))


def test_pass(world: World) -> None:
    record = run(world)
    assert (record.outcome, record.reasons) == (Outcome.PASS, ())
    assert record.page == "CheckoutErrorRatioHigh"
    assert record.timing.symptom_s == pytest.approx(DELAY_S, abs=1.1)
    assert record.timing.page_s == pytest.approx(PAGE_S, abs=1)
    assert record.timing.recovery_s == pytest.approx(RECOVER_S, abs=1)
    assert all(link.onset_s == pytest.approx(DELAY_S, abs=1.1) for link in record.chain)
    assert world.healthy_now


def test_the_record_is_json_and_says_where_it_comes_from(world: World) -> None:
    document = json.loads(json.dumps(run(world).to_document()))
    assert document["lab"] == "lab"
    assert document["rps"] == 20
    assert document["machine"]["cores"] >= 1


def test_progress_is_told(world: World) -> None:
    steps: list[str] = []
    verify(world.lab, world.fault(), steps.append, ())
    for step in ("injecting", "waiting for the page", "waiting for the whole signature", "healing"):
        assert step in steps


def test_a_sick_lab_is_unknown_and_nothing_is_injected(world: World) -> None:
    world.use({"steady": (1.0, 1.0)})
    record = run(world)
    assert record.outcome is Outcome.UNKNOWN
    assert "nothing was injected: checkout errors: 1" in record.reasons[0]
    assert world.broken == []


def test_what_is_left_of_an_earlier_injection_is_healed_first(world: World) -> None:
    world.inject(world.lab)
    world.clock.sleep(20)
    assert run(world).outcome is Outcome.PASS
    assert len(world.broken) == 2


def test_no_page_fails_and_heals(world: World) -> None:
    world.pages = False
    record = run(world)
    assert record.outcome is Outcome.FAIL
    assert record.reasons == ("no page within 30 s",)
    assert record.timing.page_s is None
    assert world.healthy_now


def test_what_fails_while_others_have_the_hosts_cpu_is_unknown(world: World) -> None:
    world.use({stolen.SHARE: (0.0, 0.3)})
    assert (run(world).outcome, run(world).reasons) == (Outcome.PASS, ())
    world.pages = False
    record = run(world)
    assert record.outcome is Outcome.UNKNOWN
    assert [reason for reason in record.reasons if "took 30% of its CPU away" in reason]
    assert "no page within 30 s" in record.reasons


def test_what_others_took_before_the_injection_is_no_excuse(world: World) -> None:
    world.use({"cpu": (0.2, 0.9)})
    world.use_before(stolen.SHARE, 0.3)
    assert run(world).outcome is Outcome.FAIL


def test_what_is_left_behind_fails_whoever_had_the_hosts_cpu(world: World) -> None:
    world.use({stolen.SHARE: (0.0, 0.3)})
    world.on_heal = lambda: world.left.update({"redis: keys": "1"} if world.broken else {})
    record = run(world)
    assert record.outcome is Outcome.FAIL
    assert not [reason for reason in record.reasons if "of its CPU away" in reason], "that is no excuse for it"


def test_a_signature_that_does_not_hold_fails_and_heals(world: World) -> None:
    world.use({"cpu": (0.2, 0.9)})
    record = run(world)
    assert record.outcome is Outcome.FAIL
    assert "the signature never held as a whole" in record.reasons
    assert world.healthy_now


@pytest.mark.parametrize("query", ["queue", "errors", "cpu", "bad_gateway"])
def test_missing_telemetry_is_unknown(world: World, query: str) -> None:
    world.use({query: None})
    record = run(world)
    assert record.outcome is Outcome.UNKNOWN
    assert any("no data to judge" in reason for reason in record.reasons)
    assert world.healthy_now


def test_a_telemetry_that_goes_away_is_unknown(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = world.metrics.query_range

    def refuse(promql: str, start: float, end: float, step: float) -> list[Series]:
        if world.broken:
            raise LookupFailedError("Prometheus refused the query")
        return answer(promql, start, end, step)

    monkeypatch.setattr(world.metrics, "query_range", refuse)
    record = run(world)
    assert record.outcome is Outcome.UNKNOWN
    assert "the telemetry did not answer" in record.reasons
    assert record.effects == ()
    assert world.healthy_now


def test_a_healthy_window_that_nobody_can_measure_is_unknown(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise LookupFailedError("Prometheus refused the query")

    monkeypatch.setattr(baseline, "settled", refuse)
    record = run(world)
    assert record.outcome is Outcome.UNKNOWN
    (reason,) = record.reasons
    assert reason.endswith("nothing was injected: Prometheus refused the query")
    assert world.broken == []


def test_an_injection_that_fails_is_unknown_and_healed(world: World) -> None:
    def refuse() -> None:
        raise EngineError("docker refused")

    world.on_inject = refuse
    record = run(world)
    assert record.outcome is Outcome.UNKNOWN
    assert record.reasons[0] == "docker refused"
    assert world.healthy_now


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, RuntimeError])
def test_heals_on_ctrl_c_and_on_errors(world: World, interruption: type[BaseException]) -> None:
    def interrupt() -> None:
        raise interruption

    world.on_inject = interrupt
    with pytest.raises(interruption):
        run(world)
    assert world.healthy_now
    assert injection.injected(world.lab) == []


def refusing_once_broken(world: World) -> Callable[[], None]:
    def refuse() -> None:
        if not world.healthy_now:
            raise EngineError("docker refused")

    return refuse


def test_a_heal_that_fails_is_never_swallowed(world: World) -> None:
    world.on_heal = refusing_once_broken(world)
    with pytest.raises(UnhealedError, match="docker refused") as caught:
        run(world)
    assert caught.value.todo
    assert caught.value.record.outcome is Outcome.FAIL
    assert "docker refused" in caught.value.record.reasons[0]
    assert injection.injected(world.lab) == ["example-fault"]


def test_a_heal_that_fails_after_an_error_shows_both(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    world.on_inject = interrupt
    world.on_heal = refusing_once_broken(world)
    with pytest.raises(HealError) as caught:
        run(world)
    unhealed = caught.value.__context__
    assert isinstance(unhealed, HealError)
    assert isinstance(unhealed.__context__, EngineError)
    assert isinstance(unhealed.__context__.__context__, KeyboardInterrupt)


def test_a_lab_that_does_not_recover_fails(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.support.world.RECOVER_S", 0.0)
    world.use({"steady": (0.0, 1.0)})
    steady = world.metrics.signals["steady"]
    stuck: list[float] = []

    def sticky(at: float) -> float | None:
        value = steady(at)
        stuck.extend([1.0] if value else [])
        return 1.0 if stuck else value

    world.metrics.signals = {**world.metrics.signals, "steady": sticky}
    world.on_inject = lambda: stuck.append(1.0)
    record = run(world)
    assert record.outcome is Outcome.FAIL
    assert record.timing.recovery_s is None
    assert record.reasons[0].startswith("healed, but no steady state within 90 s")


def beside(world: World, **changed: object) -> Record:
    fault = world.fault()
    return verify(world.lab, fault, lambda _: None, (fault, world.fault(id="look-alike", **changed)))


def test_a_run_judges_every_signature_of_the_catalogue(world: World) -> None:
    elsewhere = Probe("ledger: lag", "lag", at_least(100), "count")
    world.use({"lag": (3, 3)})
    record = beside(world, must_move=(elsewhere,))
    assert record.outcome is Outcome.PASS
    assert record.matrix == {"example-fault": "yes", "look-alike": "no"}


def test_another_signature_that_holds_fails_the_run(world: World) -> None:
    record = beside(world)
    assert record.outcome is Outcome.FAIL
    (reason,) = record.reasons
    assert "the signature of look-alike held as well, under example-fault" in reason


def test_another_signature_without_data_is_unknown(world: World) -> None:
    nowhere = Probe("ledger: lag", "lag", at_least(100), "count")
    record = beside(world, must_move=(*EXAMPLE.must_move, nowhere))
    assert record.outcome is Outcome.UNKNOWN
    assert "no data for 'ledger: lag'" in record.reasons[0]


def test_telemetry_with_gaps_in_it_is_unknown(world: World) -> None:
    def there(at: float) -> float | None:
        return None if any(begun + 2 < at < end for begun, end in world.broken) else 1.0

    world.metrics.signals = {**world.metrics.signals, coverage.ALL_THERE: there}
    record = run(world)
    assert record.outcome is Outcome.UNKNOWN
    assert record.reasons == ("the telemetry has gaps, in which no probe can be judged",)


def test_a_healthy_window_that_was_disturbed_is_not_compared_with(world: World) -> None:
    errors = world.metrics.signals["errors"]
    begun = world.clock.now
    world.metrics.signals = {
        **world.metrics.signals,
        "errors": lambda at: 0.05 if at < begun + 15 else errors(at),
    }
    steps: list[str] = []
    fault = world.fault()
    record = verify(world.lab, fault, steps.append, (fault,))
    assert record.outcome is Outcome.PASS
    assert any("waiting for a window in which nothing shows" in each for each in steps)


def test_what_always_shows_fails(world: World) -> None:
    world.use({"errors": (0.05, 0.05)})
    record = run(world)
    assert record.outcome is Outcome.FAIL
    assert any("already held in the healthy lab" in each for each in record.reasons)


def fires(world: World, after: float) -> None:
    """Let the world's alert fire so long after the injection, as Prometheus knows it."""
    signals = world.metrics.signals
    world.metrics.signals = {
        **signals,
        FIRED: lambda at: 1.0 if any(begun + after <= at < end for begun, end in world.broken) else None,
    }


def test_a_page_that_is_too_late_fails(world: World) -> None:
    world.on_inject = lambda: world.clock.sleep(31)
    fires(world, after=30.5)
    record = run(world)
    assert record.outcome is Outcome.FAIL
    assert record.reasons[0].startswith("the page came after 31")
    assert "due within 30 s" in record.reasons[0]


def test_a_page_that_was_only_seen_late_passes(world: World) -> None:
    world.on_inject = lambda: world.clock.sleep(31)
    fires(world, after=PAGE_S)
    assert run(world).outcome is Outcome.PASS


@pytest.mark.parametrize("state", ["pending", "firing"])
def test_nothing_is_injected_where_an_alert_holds_just_before(
    world: World, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    paged = Alert("ReadLatencyHigh", state, {"severity": "page"}, {}, 0.0)

    def take(_lab: object) -> dict[str, str]:
        world.metrics.firing = lambda: [paged]
        return {}

    monkeypatch.setattr(fingerprint, "take", take)
    record = run(world)
    assert record.outcome is Outcome.UNKNOWN
    assert f"ReadLatencyHigh was {state} before anything was injected" in record.reasons
    assert world.broken == []


def test_an_alert_that_began_before_the_injection_is_not_its_page(world: World) -> None:
    earlier = Alert("ReadLatencyHigh", "firing", {"severity": "page"}, {}, 0.0)

    def raise_the_earlier_one() -> None:
        world.metrics.firing = lambda: [earlier, *world.alerts()]

    world.on_inject = raise_the_earlier_one
    record = run(world)
    assert record.page == "CheckoutErrorRatioHigh"


def test_the_record_says_what_things_cost_on_the_host(world: World) -> None:
    assert run(world).calibration == {"cpu_share": 1.0}
    known = calibrate(world.lab.store, world.lab.database.server, world.lab.metrics)
    world.lab.store.save(replace(world.lab.record, cpu_share=0.5))
    assert run(world).calibration == {**known.document(), "cpu_share": 0.5}


def test_what_was_seen_fails_whatever_else_is_unknown(world: World) -> None:
    nowhere = Probe("ledger: lag", "lag", at_least(100), "count")
    world.on_inject = lambda: world.left.update({"redis: key left": "there"})
    record = beside(world, must_move=(*EXAMPLE.must_move, nowhere))
    assert record.outcome is Outcome.FAIL
    assert record.reasons[0] == "not as before: redis: key left is new (there)"
    assert "no data for 'ledger: lag'" in record.reasons[1]


def test_the_other_signatures_are_watched_beyond_the_first_moment(world: World) -> None:
    def late(at: float) -> float:
        return 5.0 if any(at >= begun + PAGE_S + 3 for begun, _ in world.broken) else 0.0

    world.metrics.signals = {**world.metrics.signals, "late": late}
    slow = Probe("ledger: lag", "late", at_least(1), "count")
    assert beside(world, must_move=(slow,)).outcome is Outcome.FAIL


def test_what_is_left_behind_fails(world: World) -> None:
    world.on_inject = lambda: world.left.update({"redis: key left": "there"})
    record = run(world)
    assert record.outcome is Outcome.FAIL
    assert record.leftovers == ("redis: key left is new (there)",)
    assert "not as before: redis: key left is new (there)" in record.reasons


def test_what_goes_by_itself_is_nothing_left_behind(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.on_inject = lambda: world.left.update({"postgres: session of jobs": "idle in transaction"})
    looks: list[float] = []

    def take(_lab: object) -> dict[str, str]:
        if world.healthy_now and len(world.broken):
            looks.append(world.clock.now)
        if len(looks) > 2:
            world.left.clear()
        return dict(world.left)

    monkeypatch.setattr(fingerprint, "take", take)
    assert run(world).leftovers == ()


def test_a_healed_lab_that_can_not_be_looked_at_is_unknown(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def take(_lab: object) -> dict[str, str]:
        if world.broken:
            raise EngineError("docker refused")
        return {"redis: role": "master"}

    monkeypatch.setattr(fingerprint, "take", take)
    record = run(world)
    assert record.outcome is Outcome.UNKNOWN
    assert "the healed lab could not be looked at: docker refused" in record.reasons


def test_nothing_is_injected_into_a_lab_that_can_not_be_looked_at(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def take(_lab: object) -> dict[str, str]:
        raise EngineError("docker refused")

    monkeypatch.setattr(fingerprint, "take", take)
    record = run(world)
    assert record.outcome is Outcome.UNKNOWN
    assert world.broken == []


def test_what_is_past_is_asked_for_once_and_a_run_once_for_all_signatures(world: World) -> None:
    fault = world.fault()
    injected: list[float] = []
    world.on_inject = lambda: injected.append(world.clock.now)
    verify(world.lab, fault, lambda _: None, (fault, world.fault(id="look-alike")))
    queries = {probe.query for probe in fault.signature}
    asked = [each for each in world.metrics.spans if each[0] in queries]
    # Windows are asked for in whole seconds.
    healthy = [query for query, start, _ in asked if start < injected[0] - 1]
    assert sorted(healthy) == sorted(queries), "the survey has all that the run measured"
