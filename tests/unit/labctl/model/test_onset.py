import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.model.measurement import Measurement
from labctl.model.onset import HOLD_POINTS, RESOLUTION_S, in_order, lasted, onset, out_of_order, together
from labctl.model.probe import Probe, at_least

PROBE = Probe("errors", "errors", at_least(1))


def measured(*values: float | None, start: float = 0) -> Measurement:
    return Measurement(PROBE, (), tuple((start + i, value) for i, value in enumerate(values) if value is not None))


class TestOnset:
    def test_first_moment_at_which_it_goes_on_holding(self) -> None:
        assert onset(measured(0, 0, 1, 1, 1, 1), after=0) == 2

    def test_a_blip_is_noise(self) -> None:
        assert onset(measured(0, 1, 0, 1, 1, 1), after=0) == 3

    def test_what_held_before_does_not_count(self) -> None:
        assert onset(measured(1, 1, 1, 1, 1, 1), after=2) == 2

    def test_never(self) -> None:
        assert onset(measured(0, 0, 0, 1, 1), after=0) is None

    def test_no_data(self) -> None:
        assert onset(measured(), after=0) is None

    def test_a_gap_in_the_data_is_no_verdict(self) -> None:
        assert onset(measured(0, 1, None, 1, 1), after=0) == 1

    @given(st.lists(st.sampled_from([0.0, 1.0, None]), max_size=40), st.integers(0, 40))
    def test_holds_from_its_onset_on(self, values: list[float | None], after: int) -> None:
        measurement = measured(*values)
        began = onset(measurement, after)
        if began is not None:
            following = [value for at, value in measurement.broken if at >= began][:HOLD_POINTS]
            assert began >= after
            assert following == [1.0] * HOLD_POINTS


class TestTogether:
    def test_when_all_hold_at_once(self) -> None:
        assert together([measured(1, 1, 1, 1, 1), measured(0, 0, 1, 1, 1)], after=0) == 2

    def test_taking_turns_is_not_together(self) -> None:
        assert together([measured(1, 0, 1, 0, 1, 0), measured(0, 1, 0, 1, 0, 1)], after=0) is None

    def test_needs_shared_times(self) -> None:
        assert together([measured(1, 1, 1), measured(1, 1, 1, start=0.5)], after=0) is None

    def test_nothing_to_hold(self) -> None:
        assert together([], after=0) is None


class TestOrder:
    def test_in_order(self) -> None:
        assert out_of_order([("a", 1), ("b", 3), ("c", 3)]) == []

    def test_a_lead_within_the_resolution_counts_as_in_order(self) -> None:
        assert out_of_order([("a", 10), ("b", 10 - RESOLUTION_S)]) == []

    def test_a_longer_lead_does_not(self) -> None:
        assert out_of_order([("a", 10), ("b", 4)]) == ["'b' appeared 6 s before 'a', which should cause it"]

    def test_compares_with_the_latest_link_before_not_with_the_neighbour_only(self) -> None:
        assert out_of_order([("a", 20), ("b", 16), ("c", 12)]) == ["'c' appeared 8 s before 'a', which should cause it"]

    @given(st.lists(st.floats(0, 100), max_size=10))
    def test_sorted_onsets_are_always_in_order(self, times: list[float]) -> None:
        assert out_of_order([(str(at), at) for at in sorted(times)]) == []


class TestInOrder:
    @pytest.mark.parametrize(
        ("onsets", "shown"),
        [
            ([4, 4, 3, 3, 4], [3, 3, 3, 3, 4]),
            ([1, 2, 3], [1, 2, 3]),
            ([4, None, 3], [3, None, 3]),
            ([None, None], [None, None]),
            ([20, 3, 4], [20, 3, 4]),
            ([], []),
        ],
    )
    def test_a_cause_is_no_later_than_its_effect(self, onsets: list[float | None], shown: list[float | None]) -> None:
        assert in_order(onsets) == shown

    @given(st.lists(st.none() | st.floats(0, 1000), max_size=8))
    def test_only_what_measuring_can_not_tell_is_moved(self, onsets: list[float | None]) -> None:
        shown = in_order(onsets)
        assert in_order(shown) == shown
        for was, now in zip(onsets, shown, strict=True):
            assert (was is None) == (now is None)
            assert was is None or now is None or 0 <= was - now <= RESOLUTION_S


class TestLasted:
    def test_until_it_holds_no_more(self) -> None:
        assert lasted(measured(0, 1, 1, 1, 0, 1), 1) == 3

    def test_what_goes_on(self) -> None:
        assert lasted(measured(0, 1, 1, 1), 1) is None
