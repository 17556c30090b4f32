"""Curves drawn in the terminal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text

from labctl.base.times import local_time

COLOURS = (2, 1, 4, 3, 5, 6, 10, 9)
"""Colours of the terminal's own palette, readable on a dark and on a light background."""
LETTERS = "abcdefgh"
"""Of several curves, each is drawn with its own letter: colours alone tell nothing to many people."""
MOST_CURVES = len(COLOURS)
_TICKS = 5
_LARGEST = 1e200  # with larger values, plotext's arithmetic for the axis overflows

Points = Sequence[tuple[float, float]]
"""(epoch seconds, value), oldest first."""


@dataclass(frozen=True)
class Canvas:
    """The size of the drawing in characters, and whether curves are drawn in colours."""

    width: int
    height: int
    coloured: bool


def draw(curves: Sequence[Points], canvas: Canvas) -> str:
    """Draw at most MOST_CURVES curves over one time axis, gaps joined; return "" when there is nothing to draw."""
    drawable = [[(at, value) for at, value in curve if _drawable(value)] for curve in curves[:MOST_CURVES]]
    times = [at for curve in drawable for at, _ in curve]
    if not times:
        return ""
    # Imported here only: the import takes longer than most commands.
    import plotext  # noqa: PLC0415

    figure = plotext.figure
    figure.clear()
    plotext.terminal.limit(False, False)
    figure.theme("simple")
    figure.plot_size(canvas.width, canvas.height)
    for index, curve in enumerate(drawable):
        if curve:
            mark = _mark(index, len(drawable))
            signal = figure.signal([at for at, _ in curve], [value for _, value in curve], marker=plotext.marker(*mark))
            signal.lines()
            figure.draw(signal)
    ticks = _ticks(min(times), max(times))
    figure.ruler("x").ticks(ticks, [local_time(at) for at in ticks])
    return str(figure.build().string(not canvas.coloured)).rstrip("\n")


def key(index: int, curves: int) -> Text:
    """Return the mark for a curve in the table below the chart: its letter; empty when it was not drawn."""
    if index >= MOST_CURVES:
        return Text()
    return Text("━" if curves == 1 else LETTERS[index], style=f"color({COLOURS[index]})")


def _mark(index: int, curves: int) -> tuple[str, int]:
    return "braille" if curves == 1 else LETTERS[index], COLOURS[index]


def _drawable(value: float) -> bool:
    return math.isfinite(value) and abs(value) < _LARGEST


def _ticks(first: float, last: float) -> list[float]:
    if last <= first:
        return [first]
    return [first + (last - first) * place / (_TICKS - 1) for place in range(_TICKS)]
