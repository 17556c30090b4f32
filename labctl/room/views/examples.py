"""Examples of calls over time, as dots below a graph: each leads to its trace."""

from __future__ import annotations

from dataclasses import dataclass

from labctl.actions.exemplars import Exemplar, Exemplars
from labctl.room.views.spans import Scale

HEIGHT = 100.0
SHOWN = 5


@dataclass(frozen=True)
class Dot:
    """An example, within 1000 by HEIGHT."""

    example: Exemplar
    x: float
    y: float


@dataclass(frozen=True)
class Drawn:
    """All of them, and the greatest ones, which are listed, too."""

    dots: tuple[Dot, ...]
    greatest: tuple[Exemplar, ...]


def drawn(answer: Exemplars) -> Drawn:
    """Return where the examples of an answer are."""
    scale = Scale(answer.start.timestamp(), answer.end.timestamp())
    most = max((each.value for each in answer.found), default=0.0) or 1.0
    dots = tuple(
        Dot(each, scale.x(each.at.timestamp()), round(HEIGHT * (1 - each.value / most), 2)) for each in answer.found
    )
    return Drawn(dots, tuple(sorted(answer.found, key=lambda each: each.value, reverse=True)[:SHOWN]))
