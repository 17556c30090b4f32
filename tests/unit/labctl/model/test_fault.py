import pytest

from labctl.model.fault import SLOWEST, Host, Load, RootCause, near_miss
from labctl.model.vocabulary import Component, Mechanism, Trigger
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


@pytest.mark.parametrize(
    ("rps", "speed", "why"),
    [
        (20, None, ""),
        (20, 1.0, ""),
        (20, 4.0, ""),
        (20, 4.1, "4.1 times as fast"),
        (20, SLOWEST, ""),
        (20, SLOWEST / 2, "a healthy lab may page"),
        (9, 1.0, "it takes 10 requests/s"),
    ],
)
def test_whether_it_shows_at_this_load_on_this_host(rps: float, speed: float | None, why: str) -> None:
    fault = example(load=Load(min_rps=10), host=Host(fastest=4))
    found = fault.unfit(rps, speed)
    assert why in found if why else not found


def test_a_host_says_which_ones_it_means() -> None:
    assert str(Host()) == "any"
    assert str(Host(fastest=4)) == "up to 4 x"
