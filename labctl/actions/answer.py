"""Answers: the dataclasses that actions return, each with a versioned name, and their JSON form."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any, ClassVar

from labctl.base.times import iso

Json = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Answer:
    """The base of all answers. `schema` is "labctl.<answer>/<version>"; a changed shape gets a new version."""

    schema: ClassVar[str]


def moment(at: float) -> datetime:
    """Return epoch seconds as the moment in UTC that answers hold."""
    return datetime.fromtimestamp(at, UTC)


def to_json(answer: Answer) -> Json:
    """Return an answer as JSON types, `schema` first."""
    return {"schema": answer.schema, **plain(answer)}


def plain(value: Any) -> Any:  # noqa: ANN401, PLR0911 - any part of an answer; a case each
    """Return a value inside an answer as JSON types: moments as ISO 8601, sets sorted, paths as text."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return iso(value.timestamp())
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(plain(each) for each in value)
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, Path):
        return str(value)
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise TypeError(f"{type(value).__name__} has no JSON form")
