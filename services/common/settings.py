"""Typed reading of a service's environment; every error names the variable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


class SettingError(ValueError):
    """A variable that is missing, or whose value has the wrong form."""


@dataclass(frozen=True)
class Settings:
    """An environment; an empty value counts as unset, a setting without default is required."""

    env: Mapping[str, str]

    def text(self, name: str, default: str | None = None) -> str:
        """Return the value of `name` as it stands."""
        value = self.env.get(name, "").strip() or default
        if value is None:
            raise SettingError(f"{name} is required and not set")
        return value

    def integer(self, name: str, default: int | None = None, *, low: int = 0, high: int = 2**31 - 1) -> int:
        """Return a whole number from `low` to `high`."""
        raw = self.text(name, None if default is None else str(default))
        try:
            value = int(raw)
        except ValueError:
            raise SettingError(f"{name} must be a whole number, not {raw!r}") from None
        return int(_within(name, value, low, high))

    def number(self, name: str, default: float | None = None, *, low: float = 0.0, high: float = 1e9) -> float:
        """Return a number from `low` to `high`."""
        raw = self.text(name, None if default is None else str(default))
        try:
            value = float(raw)
        except ValueError:
            raise SettingError(f"{name} must be a number, not {raw!r}") from None
        return _within(name, value, low, high)

    def milliseconds(self, name: str, default: int | None = None) -> float:
        """Return a duration that is written in milliseconds (1 or more), in seconds."""
        return self.integer(name, default, low=1) / 1000

    def ratio(self, name: str, default: float | None = None) -> float:
        """Return a share from 0 to 1."""
        return self.number(name, default, low=0.0, high=1.0)


def _within(name: str, value: float, low: float, high: float) -> float:
    if not low <= value <= high:
        raise SettingError(f"{name} must lie from {low:g} to {high:g}, not {value:g}")
    return value
