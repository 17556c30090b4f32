import dataclasses

import pytest

from labctl.model.fault import RootCause
from labctl.model.measurement import Curve
from labctl.model.vocabulary import Component
from labctl.verify.dashboard_signals import Signal
from labctl.verify.misdirection import Anomaly, Seen, points_elsewhere, ranked
from tests.support.example_fault import ALSO, CAUSE, EXAMPLE, example

ERRORS = Signal("errors", "errors", "ratio", 0.01)


def curve(*values: float) -> Curve:
    return tuple((float(at), value) for at, value in enumerate(values))


def seen(component: str, healthy: Curve, broken: Curve, signal: Signal = ERRORS) -> Seen:
    return Seen(component, signal, healthy, broken)


def anomaly(component: str) -> Anomaly:
    return Anomaly(component, "errors", "ratio", 0, 1, 10)


def test_the_loudest_comes_first_whichever_way_it_moved() -> None:
    found = ranked(
        [seen("risk", curve(0.09), curve(0.19)), seen("ledger", curve(0.79), curve(0)), seen("payments", (), curve(1))]
    )
    assert [(each.component, each.factor) for each in found] == [("ledger", 80.0), ("risk", 2.0)]


def test_the_floor_keeps_a_first_event_from_being_infinite() -> None:
    (found,) = ranked([seen("risk", curve(0, 0), curve(0.02, 0.02))])
    assert found.factor == 3.0


def test_what_the_healthy_window_showed_as_well_is_no_anomaly() -> None:
    assert ranked([seen("risk", curve(0, 0.5, 0), curve(0.4))]) == ()


def test_equally_loud_ones_have_a_fixed_order() -> None:
    pair = [seen("risk", curve(0), curve(1)), seen("gateway", curve(0), curve(1))]
    assert ranked(pair) == ranked(reversed(pair))


@pytest.mark.parametrize(
    ("component", "elsewhere"), [("risk", False), ("risk-postgres", False), ("postgres", True), ("payments", True)]
)
def test_what_would_be_graded_wrong_is_misdirection_the_other_end_of_an_accepted_link_too(
    component: str, elsewhere: bool
) -> None:
    assert EXAMPLE.root_cause == CAUSE
    assert EXAMPLE.accepted == (ALSO,)  # risk-postgres
    assert points_elsewhere(EXAMPLE, (anomaly(component), anomaly("risk"))) is elsewhere


def test_nothing_to_point_at_and_nothing_that_points() -> None:
    nothing_wrong = RootCause(Component.NONE, CAUSE.trigger, CAUSE.mechanism)
    assert points_elsewhere(example(root_cause=nothing_wrong, accepted=()), (anomaly("risk"),)) is None
    assert points_elsewhere(EXAMPLE, ()) is None


def test_an_anomaly_is_a_plain_record() -> None:
    assert dataclasses.asdict(anomaly("risk"))["component"] == "risk"
