from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.base.errors import InputError
from labctl.operate.capacity import BUSY, LEFT_MB, Fit, Left, Need, fit, need

SIZES = st.floats(0, 1e6)


def test_a_machine_of_two_cores_and_24_gb_holds_eight_labs_at_5_requests_a_second() -> None:
    assert fit(Left(2, 0, 23_000), need(5)) == Fit(8, "CPU")
    assert fit(Left(2, 0, 8_000), need(5)) == Fit(8, "memory")
    assert fit(Left(2, 0, 4_000), need(5)) == Fit(3, "memory")


def test_what_else_runs_and_a_higher_load_leave_less_and_a_faster_host_more() -> None:
    idle = fit(Left(4, 0, 100_000), need(5)).labs
    assert fit(Left(4, 1, 100_000), need(5)).labs < idle
    assert fit(Left(4, 0, 100_000), need(20)).labs < idle
    assert fit(Left(4, 0, 100_000), need(5, speed=2)).labs > idle


@given(cores=st.floats(0.5, 256), busy=SIZES, free=SIZES, memory=st.floats(1, 1e4), used=st.floats(0.01, 10))
def test_what_fits_fits_and_one_more_is_short_of_what_is_said(
    cores: float, busy: float, free: float, memory: float, used: float
) -> None:
    each = Need(memory, used)
    found = fit(Left(cores, busy, free), each)
    assert found.labs >= 0
    left = {"memory": (free - LEFT_MB) / memory, "CPU": (cores * BUSY - busy) / used}
    if found.labs:
        assert found.labs <= min(left.values()) + 1e-6
    assert left[found.short_of] < found.labs + 1 + 1e-6


@pytest.mark.parametrize(("rps", "speed"), [(0, 1), (-1, 1), (5, 0), (float("nan"), 1)])
def test_no_lab_has_such_a_load(rps: float, speed: float) -> None:
    with pytest.raises(InputError):
        need(rps, speed=speed)
