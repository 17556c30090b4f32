from collections.abc import Mapping

import pytest

from labctl.model.measurement import Curve, Measurement
from labctl.model.signature import Outcome, judge, probes_of, unknown
from tests.support.example_fault import CPU, ERRORS, EXAMPLE, QUEUE, example

INJECTED = 100
FIGURES = {
    "risk: queue": (10.0, 40.0, 2),
    "payments: retries": (0.0, 3.0, 3),
    "gateway: 502": (0.0, 0.5, 4),
    "clients: errors": (0.0, 0.05, 5),
    "payments: CPU": (0.2, 0.21, 0),
}


def curve(start: int, count: int, value: float) -> Curve:
    return tuple((float(start + i), value) for i in range(count))


def run(**changed: tuple[float, float, int] | None) -> Mapping[str, Measurement]:
    """Measure each probe: (healthy, broken, seconds from the injection to the jump); None is missing telemetry."""
    figures = {**FIGURES, **{name.replace("_", " "): value for name, value in changed.items()}}
    measured = {}
    for probe in probes_of(EXAMPLE):
        figure = figures[probe.name]
        if figure is None:
            measured[probe.name] = Measurement(probe, (), ())
            continue
        before, after, jump = figure
        broken = curve(INJECTED, jump, before) + curve(INJECTED + jump, 20, after)
        measured[probe.name] = Measurement(probe, curve(80, 20, before), broken)
    return measured


def with_figure(name: str, figure: tuple[float, float, int] | None) -> Mapping[str, Measurement]:
    return run(**{name.replace(" ", "_"): figure})


def test_passes_when_everything_holds_in_order() -> None:
    judgement = judge(EXAMPLE, run(), INJECTED)
    assert judgement.outcome is Outcome.PASS
    assert judgement.reasons == ()
    assert judgement.onsets == (102, 103, 104, 105)
    assert judgement.held_at == 105


@pytest.mark.parametrize("name", FIGURES)
def test_missing_telemetry_is_unknown_never_a_pass(name: str) -> None:
    judgement = judge(EXAMPLE, with_figure(name, None), INJECTED)
    assert judgement.outcome is Outcome.UNKNOWN
    assert judgement.reasons == (f"no data to judge '{name}' by",)


def test_missing_in_the_healthy_window_only_is_unknown_too() -> None:
    measured = dict(run())
    measured["clients: errors"] = Measurement(ERRORS, (), measured["clients: errors"].broken)
    assert unknown(EXAMPLE, measured) == ["clients: errors"]
    assert judge(EXAMPLE, measured, INJECTED).outcome is Outcome.UNKNOWN


def test_a_baseline_of_zero_leaves_a_ratio_unknown() -> None:
    assert judge(EXAMPLE, with_figure("risk: queue", (0.0, 40.0, 2)), INJECTED).outcome is Outcome.UNKNOWN


def test_fails_when_a_link_never_appears() -> None:
    judgement = judge(EXAMPLE, with_figure("gateway: 502", (0.0, 0.0, 2)), INJECTED)
    assert judgement.outcome is Outcome.FAIL
    assert judgement.reasons == ("'gateway: 502' never held",)
    assert judgement.onsets[2] is None


def test_fails_when_what_must_stay_moves() -> None:
    judgement = judge(EXAMPLE, with_figure("payments: CPU", (0.2, 0.9, 0)), INJECTED)
    assert judgement.outcome is Outcome.FAIL
    assert "the signature never held as a whole" in judgement.reasons
    assert "'payments: CPU' (0.5 to 1.5 x baseline) held 0% of the time" in judgement.reasons


@pytest.mark.parametrize(("seconds", "outcome"), [(6, Outcome.PASS), (10, Outcome.FAIL)])
def test_what_must_stay_has_to_stay_for_most_of_the_time(seconds: int, outcome: Outcome) -> None:
    measured = dict(run())
    stayed = measured["payments: CPU"]
    gone = tuple((at, 2.0 if at > stayed.broken[-1][0] - seconds else value) for at, value in stayed.broken)
    measured["payments: CPU"] = Measurement(CPU, stayed.healthy, gone)
    judgement = judge(EXAMPLE, measured, INJECTED)
    assert judgement.outcome is outcome
    assert any("did not stay" in reason for reason in judgement.reasons) is (outcome is Outcome.FAIL)


def test_fails_when_the_effect_comes_before_its_cause() -> None:
    judgement = judge(EXAMPLE, with_figure("risk: queue", (10.0, 40.0, 12)), INJECTED)
    assert judgement.outcome is Outcome.FAIL
    assert any("'payments: retries' appeared 9 s before 'risk: queue'" in reason for reason in judgement.reasons)


def test_fails_when_something_had_moved_before_the_injection() -> None:
    judgement = judge(EXAMPLE, with_figure("payments: retries", (2.0, 3.0, 3)), INJECTED)
    assert judgement.outcome is Outcome.FAIL
    assert "'payments: retries' already held in the healthy lab" in judgement.reasons


def test_signatures_are_told_apart_on_the_same_measurements() -> None:
    other = example(id="other-fault", must_not_move=(QUEUE,), must_move=(CPU, ERRORS))
    assert judge(EXAMPLE, run(), INJECTED).outcome is Outcome.PASS
    assert judge(other, run(), INJECTED).held_at is not None  # nothing forbids the queue to grow in this one
    strict = example(id="third-fault", must_move=(ERRORS,), must_not_move=(ERRORS,))
    assert judge(strict, with_figure("clients: errors", (0.0, 0.0, 0)), INJECTED).outcome is Outcome.FAIL


def test_every_probe_is_asked_for_once() -> None:
    names = [probe.name for probe in probes_of(EXAMPLE)]
    assert sorted(names) == sorted(FIGURES)
