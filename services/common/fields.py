"""Reads typed fields of a JSON object; one problem document lists all the fields that are wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.common.problem import ProblemError

INT4_MAX = 2**31 - 1

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)


@dataclass
class Fields:
    """An object being read; getters note a bad field and return a harmless value, `done` raises if there was one."""

    body: Mapping[str, Any]
    path: str = ""
    errors: list[dict[str, str]] = field(default_factory=list)

    def integer(self, name: str, *, low: int = 1, high: int = INT4_MAX) -> int:
        """Return a whole number; a boolean or a float (even 1.0) doesn't count as one."""
        value = self.body.get(name)
        if type(value) is int and low <= value <= high:
            return value
        self._wrong(name, f"must be a whole number from {low} to {high}")
        return low

    def choice(self, name: str, allowed: Iterable[str]) -> str:
        """Return one of the allowed words."""
        words = tuple(allowed)
        value = self.body.get(name)
        if isinstance(value, str) and value in words:
            return value
        self._wrong(name, f"must be one of {', '.join(words)}")
        return words[0]

    def text(self, name: str, pattern: re.Pattern[str], meaning: str) -> str:
        """Return a text that matches `pattern` as a whole."""
        value = self.body.get(name)
        if isinstance(value, str) and pattern.fullmatch(value):
            return value
        self._wrong(name, f"must be {meaning}")
        return ""

    def object(self, name: str) -> Fields:
        """Return a nested object, whose errors are collected with ours."""
        value = self.body.get(name)
        if not isinstance(value, dict):
            self._wrong(name, "must be an object")
            return Fields({}, f"{self.path}/{name}", errors=[])
        return Fields(value, f"{self.path}/{name}", self.errors)

    def done(self) -> None:
        """Raise ProblemError 400 when a field was wrong."""
        if self.errors:
            raise ProblemError(
                400, "invalid-request", "the body does not describe a request", members={"errors": self.errors}
            )

    def _wrong(self, name: str, detail: str) -> None:
        self.errors.append({"pointer": f"#{self.path}/{name}", "detail": detail})


def is_uuid(value: str) -> bool:
    """Whether `value` is a UUID in its usual form."""
    return _UUID.fullmatch(value) is not None


def path_integer(value: str, *, high: int = INT4_MAX) -> int | None:
    """Return a positive whole number from a path or a query, or None if it isn't one."""
    if not (value.isascii() and value.isdigit()) or len(value) > 19:
        return None
    number = int(value)
    return number if 1 <= number <= high else None
