import pytest

from labctl.fault import RootCause, near_miss
from labctl.vocabulary import Component, Mechanism, Trigger
from tests.support.example_fault import ALSO, CAUSE, CPU, ERRORS, EXAMPLE, NEAR, QUEUE, example


def test_signature_is_what_moves_and_what_stays() -> None:
    assert EXAMPLE.signature == (QUEUE, ERRORS, CPU)


def test_explains_its_root_cause_and_what_is_accepted_for_it() -> None:
    assert EXAMPLE.explains(CAUSE)
    assert EXAMPLE.explains(ALSO)
    assert not EXAMPLE.explains(NEAR)


def test_near_miss_states_a_root_cause() -> None:
    near = near_miss(Component.RISK, Trigger.BAD_DATA, Mechanism.DATA_SKEW, "no")
    assert near.root_cause == RootCause(Component.RISK, Trigger.BAD_DATA, Mechanism.DATA_SKEW)


@pytest.mark.parametrize(("rps", "due_s"), [(40, 30), (15, 30), (7.5, 60), (5, 90)])
def test_a_page_takes_as_many_requests_at_any_rate(rps: float, due_s: float) -> None:
    assert example(page_within_s=30).page_due_s(rps) == due_s
