from __future__ import annotations

import pytest

from services.telemetry.deadline import CHECK_EVERY, Deadline, QueryTimeoutError


def test_rows_pass_while_there_is_time() -> None:
    assert list(Deadline(60).watch(range(1000))) == list(range(1000))


def test_no_time_no_rows() -> None:
    with pytest.raises(QueryTimeoutError, match="longer than -1 s"):
        list(Deadline(-1).watch(range(1)))


def test_it_is_checked_on_the_way() -> None:
    deadline = Deadline(60)
    rows = deadline.watch(range(10 * CHECK_EVERY))
    next(rows)
    deadline._end = 0
    with pytest.raises(QueryTimeoutError):
        list(rows)
