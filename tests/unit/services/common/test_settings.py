from __future__ import annotations

import pytest

from services.common.settings import SettingError, Settings


def test_reads_what_is_set() -> None:
    settings = Settings({"A": " text ", "B": "7", "C": "0.25", "D": "150"})
    assert settings.text("A") == "text"
    assert settings.integer("B") == 7
    assert settings.ratio("C") == 0.25
    assert settings.milliseconds("D") == 0.15


def test_unset_and_empty_take_the_default() -> None:
    settings = Settings({"EMPTY": ""})
    assert settings.integer("EMPTY", 3) == 3
    assert settings.text("UNSET", "x") == "x"
    assert settings.number("UNSET", 1.5) == 1.5


@pytest.mark.parametrize(
    ("value", "message"),
    [("ten", "POOL must be a whole number, not 'ten'"), ("0", "POOL must lie from 1 to 9, not 0"), ("", "is required")],
)
def test_errors_name_the_variable(value: str, message: str) -> None:
    with pytest.raises(SettingError, match="POOL") as caught:
        Settings({"POOL": value}).integer("POOL", low=1, high=9)
    assert message in str(caught.value)


def test_a_ratio_is_a_share() -> None:
    with pytest.raises(SettingError, match="RATIO must lie from 0 to 1"):
        Settings({"RATIO": "1.5"}).ratio("RATIO")
    with pytest.raises(SettingError, match="RATIO must be a number"):
        Settings({"RATIO": "half"}).ratio("RATIO")


def test_nan_is_not_a_number_of_anything() -> None:
    with pytest.raises(SettingError, match="SIGMA"):
        Settings({"SIGMA": "nan"}).number("SIGMA")
