from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.base.errors import HostError, InputError
from labctl.operate.capacity import BUSY, LEFT_MB, Fit, Need, Room, fit, need, place

SIZES = st.floats(0, 1e6)


def test_a_machine_of_two_cores_and_24_gb_holds_eight_labs_at_5_requests_a_second() -> None:
    assert fit(Room(2, 0, 23_000), need(5)) == Fit(8, "CPU")
    assert fit(Room(2, 0, 8_000), need(5)) == Fit(8, "memory")
    assert fit(Room(2, 0, 4_000), need(5)) == Fit(3, "memory")


def test_what_else_runs_and_a_higher_load_leave_less_and_a_faster_host_more() -> None:
    idle = fit(Room(4, 0, 100_000), need(5)).labs
    assert fit(Room(4, 1, 100_000), need(5)).labs < idle
    assert fit(Room(4, 0, 100_000), need(20)).labs < idle
    assert fit(Room(4, 0, 100_000), need(5, speed=2)).labs > idle


@given(cores=st.floats(0.5, 256), busy=SIZES, free=SIZES, memory=st.floats(1, 1e4), used=st.floats(0.01, 10))
def test_what_fits_fits_and_one_more_is_short_of_what_is_said(
    cores: float, busy: float, free: float, memory: float, used: float
) -> None:
    each = Need(memory, used)
    found = fit(Room(cores, busy, free), each)
    assert found.labs >= 0
    left = {"memory": (free - LEFT_MB) / memory, "CPU": (cores * BUSY - busy) / used}
    if found.labs:
        assert found.labs <= min(left.values()) + 1e-6
    assert left[found.short_of] < found.labs + 1 + 1e-6


FITS = st.dictionaries(
    st.sampled_from(["a", "b", "c", "d"]), st.builds(Fit, st.integers(0, 20), st.just("CPU")), max_size=4
)


@given(labs=st.integers(0, 60), fits=FITS, spares=st.integers(0, 2))
def test_every_lab_has_a_place_and_no_host_more_than_fit_with_its_spares(
    labs: int, fits: dict[str, Fit], spares: int
) -> None:
    free = {name: max(0, each.labs - spares) for name, each in fits.items()}
    if labs > sum(free.values()):
        with pytest.raises(HostError, match="don't fit"):
            place(labs, fits, spares=spares)
        return
    placed = place(labs, fits, spares=spares)
    assert sum(placed.values()) == labs
    assert all(placed[name] <= free[name] for name in placed)


def test_hosts_are_filled_by_the_share_that_is_used() -> None:
    assert place(6, {"small": Fit(4, "CPU"), "large": Fit(8, "memory")}) == {"small": 2, "large": 4}


def test_what_does_not_fit_is_told_with_the_arithmetic() -> None:
    with pytest.raises(HostError, match="9 labs don't fit with 1 spare on each host") as caught:
        place(9, {"one": Fit(8, "CPU"), "two": Fit(2, "memory")}, spares=1)
    assert caught.value.expected == "one: 8 labs, then CPU is short; two: 2 labs, then memory is short"
    assert "--rps" in caught.value.todo


@pytest.mark.parametrize(("rps", "speed"), [(0, 1), (-1, 1), (5, 0), (float("nan"), 1)])
def test_no_lab_has_such_a_load(rps: float, speed: float) -> None:
    with pytest.raises(InputError):
        need(rps, speed=speed)
