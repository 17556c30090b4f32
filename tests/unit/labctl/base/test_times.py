from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.base.errors import EXIT_USAGE, InputError
from labctl.base.times import ago, from_iso, iso, local_time, local_time_ms, parse_duration, show_clock, show_duration


@pytest.fixture
def in_berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("5m", 300),
        ("1h", 3600),
        ("1h30m", 5400),
        ("250ms", 0.25),
        ("2d", 172800),
        (" 5M ", 300),
        ("1.5h", 5400),
    ],
)
def test_durations_as_people_type_them(text: str, seconds: float) -> None:
    assert parse_duration(text) == pytest.approx(seconds)


@pytest.mark.parametrize(
    "text", ["", "5", "m", "-5m", "5 m", "5min", "1h 30m", "nan", "1e3s", "\u0665m", "0s", "999999d", "5m\n5"]
)
def test_anything_else_is_a_usage_error_that_names_the_option(text: str) -> None:
    with pytest.raises(InputError, match=r"^--since: ") as caught:
        parse_duration(text, "--since")

    assert caught.value.exit_code == EXIT_USAGE
    assert caught.value.expected


@given(st.text())
def test_no_text_is_anything_but_a_duration_or_a_usage_error(text: str) -> None:
    with suppress(InputError):
        assert parse_duration(text) > 0


@given(st.integers(1, 366), st.sampled_from([("s", 1), ("m", 60), ("h", 3600), ("d", 86400)]))
def test_whole_numbers_of_a_unit_are_exact(number: int, unit: tuple[str, int]) -> None:
    assert parse_duration(f"{number}{unit[0]}") == number * unit[1]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (1e-7, "0 s"),
        (0.00085, "850 us"),
        (0.0009999, "1 ms"),
        (0.0123, "12.3 ms"),
        (0.12, "120 ms"),
        (0.9994, "999 ms"),
        (0.9996, "1.00 s"),
        (1.25, "1.25 s"),
        (59.99, "59.99 s"),
        (59.996, "1m 00s"),
        (330, "5m 30s"),
        (7500, "2h 05m"),
        (273600, "3d 04h"),
        (-1, "-"),
    ],
)
def test_durations_as_people_read_them(seconds: float, text: str) -> None:
    assert show_duration(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-1, "0 s"),
        (0.0383, "0 s"),
        (38.3, "38 s"),
        (59.7, "1m 00s"),
        (330, "5m 30s"),
        (3599.6, "1h 00m"),
        (7500, "2h 05m"),
    ],
)
def test_a_clock_shows_whole_seconds(seconds: float, text: str) -> None:
    assert show_clock(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "0 s ago"),
        (0, "0 s ago"),
        (59, "59 s ago"),
        (59.7, "1 min ago"),
        (90, "2 min ago"),
        (3599, "1 h ago"),
        (7200, "2 h ago"),
        (86399, "1 d ago"),
        (172800, "2 d ago"),
    ],
)
def test_how_long_ago_has_one_unit(seconds: float, text: str) -> None:
    assert ago(1e9 - seconds, 1e9) == text


@given(st.floats(0, 1e9))
def test_every_duration_is_short_to_read(seconds: float) -> None:
    assert len(show_duration(seconds)) <= 12
    assert "e" not in show_duration(seconds)


@pytest.mark.usefixtures("in_berlin")
def test_people_read_local_time() -> None:
    assert local_time(1760000000.123) == "10:53:20"
    assert local_time_ms(1760000000.123) == "10:53:20.123"


@given(st.floats(0, 4e9))
def test_machines_read_utc_that_goes_back_to_the_same_moment(at: float) -> None:
    assert iso(at).endswith("Z")
    assert datetime.fromisoformat(iso(at)).timestamp() == pytest.approx(at, abs=0.002)
    assert from_iso(iso(at)) == pytest.approx(at, abs=0.002)
