import json
from functools import partial

import pytest

from labctl.base.errors import LookupFailedError
from labctl.health import stolen
from labctl.health.coverage import ALL_THERE
from labctl.health.paging import FIRED
from labctl.model.fault import Fault
from labctl.model.probe import at_most
from labctl.model.samples import Series
from labctl.model.signature import Outcome
from labctl.verify.soak import Soak, soak
from tests.support.example_fault import QUEUE
from tests.support.world import World

SIGNATURE = {"queue": (40.0, 40.0), "errors": (0.05, 0.05)}


def watch(world: World, minutes: float = 3, faults: tuple[Fault, ...] | None = None) -> Soak:
    return soak(world.lab, faults or (world.fault(),), minutes * 60, lambda _: None)


def test_a_quiet_lab_passes(world: World) -> None:
    found = watch(world)
    assert (found.outcome, found.reasons) == (Outcome.PASS, ())
    assert found.seconds == pytest.approx(180, abs=2)
    assert world.broken == []


def test_it_says_how_far_it_is(world: World) -> None:
    said: list[str] = []
    soak(world.lab, (world.fault(),), 180, said.append)
    assert "2 of 3 minutes watched" in said


def test_a_signature_that_holds_for_a_moment_fails_it(world: World) -> None:
    flicker = world.clock.now + 95
    healthy, high = {"queue": 10.0, "errors": 0.0}, {"queue": 40.0, "errors": 0.05}

    def flickering(name: str, at: float) -> float:
        return (high if flicker <= at < flicker + 4 else healthy)[name]

    for name in healthy:
        world.metrics.signals = {
            **world.metrics.signals,
            name: partial(flickering, name),
        }
    found = watch(world)
    assert found.outcome is Outcome.FAIL
    assert list(found.held) == ["example-fault"]
    assert "the signature of example-fault held in the healthy lab" in found.reasons[0]


def test_a_flicker_across_two_chunks_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labctl.verify.soak.CHUNK_S", 2.0)
    flicker = world.clock.now + 60
    world.metrics.signals = {
        **world.metrics.signals,
        "queue": lambda at: 40.0 if flicker <= at < flicker + 4 else 10.0,
    }
    alone = world.fault(must_move=(QUEUE,))
    assert watch(world, 1, (alone,)).outcome is Outcome.FAIL


def test_a_signature_of_what_is_healthy_fails_it(world: World) -> None:
    still = world.fault(must_move=(QUEUE.__class__("quiet queue", "queue", at_most(20)),))
    assert watch(world, faults=(still,)).held == {"example-fault": pytest.approx(0, abs=1.5)}


def let_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = world.metrics.query_range

    def paging(promql: str, start: float, end: float, step: float) -> list[Series]:
        if promql == FIRED:
            return [Series({"alertname": "CheckoutLatencyHigh"}, ((end, 1.0),))]
        return ask(promql, start, end, step)

    monkeypatch.setattr(world.metrics, "query_range", paging)


def test_a_page_fails_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    let_page(world, monkeypatch)
    found = watch(world)
    assert found.outcome is Outcome.FAIL
    assert found.reasons == ("CheckoutLatencyHigh paged in the healthy lab",)


def test_a_page_while_others_have_the_hosts_cpu_is_a_doubt(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.use({stolen.SHARE: (0.4, 0.4)})
    let_page(world, monkeypatch)
    found = watch(world)
    assert (found.outcome, found.pages) == (Outcome.UNKNOWN, [])
    assert found.reasons == (
        "CheckoutLatencyHigh paged, but other guests of the host's machine took 40% of its CPU away meanwhile",
    )


def test_missing_telemetry_is_unknown(world: World) -> None:
    world.use({"queue": None})
    world.use({"errors": (0.05, 0.05)})
    found = watch(world)
    assert found.outcome is Outcome.UNKNOWN
    assert found.reasons == ("whether example-fault held is unknown: no data for risk: queue",)


def test_a_gap_in_the_telemetry_is_unknown(world: World) -> None:
    until = world.clock.now + 70
    signals = world.metrics.signals
    world.metrics.signals = {**signals, ALL_THERE: lambda at: None if until <= at < until + 20 else 1.0}
    found = watch(world)
    assert found.outcome is Outcome.UNKNOWN
    assert found.reasons == ("the telemetry has gaps, in which no probe can be judged",)


def test_a_scrape_that_is_missed_now_and_then_is_no_gap(world: World) -> None:
    signals = world.metrics.signals
    world.metrics.signals = {**signals, ALL_THERE: lambda at: None if int(at) % 20 == 0 else 1.0}
    assert watch(world).outcome is Outcome.PASS


def test_a_sick_lab_is_unknown(world: World) -> None:
    world.use({"steady": (1.0, 1.0)})
    found = watch(world)
    assert found.outcome is Outcome.UNKNOWN
    assert "checkout errors: 1" in found.reasons[0]
    assert found.seconds == 0


def test_a_telemetry_that_goes_away_is_unknown(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise LookupFailedError("Prometheus refused the query")

    monkeypatch.setattr(world.metrics, "query_range", refuse)
    assert watch(world).outcome is Outcome.UNKNOWN


def test_one_that_was_cut_short_is_no_pass() -> None:
    assert Soak("lab", 20, 60, seconds=30).outcome is Outcome.UNKNOWN


def test_the_document_is_json(world: World) -> None:
    document = json.loads(json.dumps(watch(world, 1).to_document()))
    assert (document["outcome"], document["faults"]) == ("pass", ["example-fault"])


def test_a_lab_in_fog_is_not_watched(world: World) -> None:
    world.lab.fog.choose("hazy")
    found = watch(world)
    assert (found.outcome, found.seconds) == (Outcome.UNKNOWN, 0)
    assert "the telemetry is hazy" in found.reasons[0]
