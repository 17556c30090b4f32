from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

import pytest

from labctl.actions.answer import Answer, moment, plain, to_json


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Point:
    x: int
    colours: frozenset[Colour]


@dataclass(frozen=True)
class Drawing(Answer):
    schema: ClassVar[str] = "labctl.drawing/1"
    points: tuple[Point, ...]
    path: Path
    at: datetime
    names: dict[str, float | None]


def test_an_answer_is_json_types_its_schema_first() -> None:
    made = Drawing((Point(1, frozenset({Colour.RED})),), Path("/tmp/é"), moment(1.5), {"a": None})
    assert list(to_json(made)) == ["schema", "points", "path", "at", "names"]
    assert to_json(made) == {
        "schema": "labctl.drawing/1",
        "points": [{"x": 1, "colours": ["red"]}],
        "path": "/tmp/é",
        "at": "1970-01-01T00:00:01.500Z",
        "names": {"a": None},
    }


def test_what_has_no_json_form_is_our_mistake() -> None:
    with pytest.raises(TypeError, match="object has no JSON form"):
        plain(object())
