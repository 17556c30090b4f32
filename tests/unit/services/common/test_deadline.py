from __future__ import annotations

import pytest

from services.common import deadline
from services.common.deadline import Deadline, DeadlineExceededError


def test_header_round_trip() -> None:
    read = Deadline.from_header(Deadline.after(0.5).header())
    assert read is not None
    assert 0.4 < read.remaining() <= 0.5


@pytest.mark.parametrize("value", [None, "", "-5", "1.5", "abc", "9" * 10, "\u0661"])
def test_anything_but_milliseconds_is_no_deadline(value: str | None) -> None:
    assert Deadline.from_header(value) is None


def test_a_caller_cannot_ask_for_ever() -> None:
    read = Deadline.from_header("999999999")
    assert read is not None
    assert read.remaining() <= deadline.LONGEST_S


def test_within_cuts_to_what_is_left() -> None:
    assert deadline.within(2.0) == 2.0
    with deadline.limit(0.5):
        assert deadline.within(2.0) <= 0.5
        assert deadline.within(0.1) == 0.1
        with deadline.limit(60):
            assert deadline.within(2.0) <= 0.5


def test_check_raises_once_it_has_passed() -> None:
    deadline.check()
    with deadline.limit(0):
        with pytest.raises(DeadlineExceededError):
            deadline.check()
        with deadline.ignored():
            deadline.check()
            assert deadline.within(2.0) == 2.0
