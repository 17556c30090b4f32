"""Moments in addresses."""

from __future__ import annotations

from datetime import datetime

from labctl.base.errors import InputError


def moment(text: str) -> datetime:
    """Return the moment that a part of an address names. Raises InputError."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"'{text}' is no moment", expected="such as 2026-01-31T14:03:05Z") from error
    if at.tzinfo is None:
        raise InputError(f"'{text}' has no time zone", expected="such as 2026-01-31T14:03:05Z")
    return at
