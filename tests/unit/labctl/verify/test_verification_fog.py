from __future__ import annotations

from labctl.model.signal import Signal, metric
from labctl.model.signature import Outcome
from labctl.model.vocabulary import Component, Mechanism, Trigger
from labctl.verify.verification import verify
from labctl.verify.verification_record import Record
from tests.support.example_fault import CPU, ERRORS, QUEUE
from tests.support.world import World

WAITS = metric(Component.RISK, QUEUE, Component.RISK, Mechanism.POOL_TOO_SMALL)
FAILS = metric(Component.CLIENTS, ERRORS, Trigger.CONFIGURATION_CHANGE)
LEVEL = metric(Component.PAYMENTS, CPU, Component.RISK)


def run(world: World, *evidence: Signal, fog: str = "") -> Record:
    fault = world.fault(evidence=evidence)
    return verify(world.lab, fault, lambda _: None, (fault,), fog)


def test_a_fault_whose_evidence_decides_passes_in_fog(world: World) -> None:
    levels = []
    world.on_inject = lambda: levels.append(world.lab.fog.level)
    found = run(world, WAITS, FAILS, LEVEL, fog="hazy")
    assert (found.outcome, found.reasons, found.fog) == (Outcome.PASS, (), "hazy")
    assert [each.decides for each in found.evidence] == [True, True, False]
    assert (found.page, found.leftovers, found.matrix) == ("CheckoutErrorRatioHigh", (), {})
    assert levels == ["hazy"]
    assert world.lab.fog.level == "clear"


def test_a_fault_with_too_little_evidence_fails_in_fog_and_says_what_is_missing(world: World) -> None:
    found = run(world, WAITS, LEVEL, fog="dense")
    assert found.outcome is Outcome.FAIL
    assert found.reasons == ("no two independent signals decide: risk: queue",)
    assert world.lab.fog.level == "clear"


def test_no_page_fails_in_fog_as_ever(world: World) -> None:
    world.pages = False
    found = run(world, WAITS, FAILS, fog="hazy")
    assert found.outcome is Outcome.FAIL
    assert "no page" in found.reasons[0]


def test_signatures_are_judged_in_clear_telemetry_whatever_the_lab_has(world: World) -> None:
    world.lab.fog.choose("dense")
    levels = []
    world.on_inject = lambda: levels.append(world.lab.fog.level)
    found = run(world, WAITS, FAILS)
    assert (found.outcome, found.fog, found.evidence) == (Outcome.PASS, "clear", ())
    assert levels == ["clear"]
    assert world.lab.fog.level == "dense"
