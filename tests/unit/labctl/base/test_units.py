from __future__ import annotations

import pytest

from labctl.base.units import number, seconds


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (None, "s", "-"),
        (0.0, "s", "0 s"),
        (0.0123, "s", "12.3 ms"),
        (0.9996, "s", "1 s"),
        (1.234, "s", "1.23 s"),
        (1234.5, "s", "1234 s"),
        (0.925, "ratio", "92.5%"),
        (20.0, "1/s", "20 1/s"),
        (3.0, "count", "3"),
        (2.5, "", "2.5"),
    ],
)
def test_number(value: float | None, unit: str, text: str) -> None:
    assert number(value, unit) == text


def test_seconds() -> None:
    assert seconds(None) == "never"
    assert seconds(3.14) == "3.1 s"
