from __future__ import annotations

from contextlib import suppress
from time import time_ns

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.telemetry.loki.params import (
    MAX_TIME,
    BadRequestError,
    is_backward,
    limit,
    moment,
    seconds_of,
    steps,
    window,
)
from services.telemetry.loki.search import Window

SECOND = 10**9


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        ("1700000000123456789", 1700000000123456789),
        ("1700000000", 1700000000 * SECOND),
        ("1700000000.5", 1700000000500000000),
        ("2023-11-14T22:13:20Z", 1700000000 * SECOND),
        ("2023-11-14T22:13:20.123456789Z", 1700000000123456789),
        ("2023-11-14T23:13:20.5+01:00", 1700000000500000000),
        ("-5", 0),
        ("9" * 20, MAX_TIME),
    ],
)
def test_moments(text: str, nanoseconds: int) -> None:
    assert moment(text, "start") == nanoseconds


@given(st.text())
def test_any_text_is_a_moment_or_refused(text: str) -> None:
    with suppress(BadRequestError):
        assert 0 <= moment(text, "start") <= MAX_TIME


def test_windows() -> None:
    assert window({"start": "10", "end": "20"}) == Window(10 * SECOND, 20 * SECOND)
    assert window({"end": "7200"}) == Window(3600 * SECOND, 7200 * SECOND)
    assert window({"end": "7200", "since": "10m"}) == Window(6600 * SECOND, 7200 * SECOND)
    assert abs(window({}).end - time_ns()) < 60 * SECOND


@pytest.mark.parametrize(
    ("args", "words"), [({"start": "20", "end": "10"}, "must not be before"), ({"end": "x"}, "end")]
)
def test_impossible_windows(args: dict[str, str], words: str) -> None:
    with pytest.raises(BadRequestError, match=words):
        window(args)


def test_steps() -> None:
    ten = Window(100 * SECOND, 110 * SECOND)
    assert steps({"step": "5"}, ten) == [100 * SECOND, 105 * SECOND, 110 * SECOND]
    assert steps({"step": "10s"}, ten) == [100 * SECOND, 110 * SECOND]
    assert len(steps({}, ten)) == 11
    assert len(steps({}, Window(0, 3600 * SECOND))) == 241


@pytest.mark.parametrize(
    ("step", "words"),
    [("0", "zero or negative"), ("-1", "zero or negative"), ("x", "'step'"), ("1ms", "11,000 points")],
)
def test_impossible_steps(step: str, words: str) -> None:
    with pytest.raises(BadRequestError, match=words):
        steps({"step": step}, Window(0, 3600 * SECOND))


@pytest.mark.parametrize(("text", "seconds"), [("1.5", 1.5), ("2m", 120), ("9" * 20, MAX_TIME / SECOND)])
def test_seconds(text: str, seconds: float) -> None:
    assert seconds_of(text, "step") == seconds


def test_limits() -> None:
    assert limit({}) == 100
    assert limit({"limit": "5000"}) == 5000
    for text in ("0", "-1", "x", "1e3"):
        with pytest.raises(BadRequestError, match="'limit'"):
            limit({"limit": text})
    with pytest.raises(BadRequestError, match="5001 > 5000"):
        limit({"limit": "5001"})


def test_directions() -> None:
    assert is_backward({})
    assert is_backward({"direction": "BACKWARD"})
    assert not is_backward({"direction": "forward"})
    with pytest.raises(BadRequestError, match="direction"):
        is_backward({"direction": "up"})
