from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.telemetry.fog.sampling import apart, kept

IDS = st.binary(min_size=16, max_size=16)


@given(trace_id=IDS)
def test_without_sampling_every_trace_is_kept(trace_id: bytes) -> None:
    assert kept(trace_id, 1)


@given(trace_id=IDS, one_in=st.integers(1, 100), more=st.integers(0, 100))
def test_what_a_small_share_keeps_a_larger_one_keeps_too(trace_id: bytes, one_in: int, more: int) -> None:
    assert kept(trace_id, one_in) or not kept(trace_id, one_in + more)


def test_one_trace_in_ten_is_kept() -> None:
    ids = [number.to_bytes(16, "big") for number in range(0, 2**56, 2**56 // 1000)]
    assert 99 <= sum(kept(each, 10) for each in ids) <= 101


@given(one=IDS, other=IDS)
def test_a_trace_without_context_has_an_id_of_its_own(one: bytes, other: bytes) -> None:
    assert len(apart(one)) == 16
    assert apart(one) != one
    assert (apart(one) == apart(other)) == (one == other)
    assert apart(b"") == b""
