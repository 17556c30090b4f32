"""Curves drawn in the terminal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text

from labctl.base.times import local_time

COLOURS = (2, 1, 4, 3, 5, 6, 10, 9)
"""Of the terminal's own palette, so that they fit a dark one and a light one."""
LETTERS = "abcdefgh"
"""What a curve is drawn with where there are no colours to tell it by."""
MOST_CURVES = len(COLOURS)
_TICKS = 5
_LARGEST = 1e200  # beyond it the axis has no room for its own arithmetic

Points = Sequence[tuple[float, float]]
"""(epoch seconds, value), oldest first."""


@dataclass(frozen=True)
class Canvas:
    """How much room there is, in characters, and whether curves are told by colour."""

    width: int
    height: int
    coloured: bool


def draw(curves: Sequence[Points], canvas: Canvas) -> str:
    """Return at most MOST_CURVES curves over one time axis; gaps are joined; empty when there is nothing to draw."""
    drawable = [[(at, value) for at, value in curve if _drawable(value)] for curve in curves[:MOST_CURVES]]
    times = [at for curve in drawable for at, _ in curve]
    if not times:
        return ""
    # Imported where it is needed: it takes longer than most commands.
    import plotext  # noqa: PLC0415

    figure = plotext.figure
    figure.clear()
    plotext.terminal.limit(False, False)
    figure.theme("simple")
    figure.plot_size(canvas.width, canvas.height)
    for index, curve in enumerate(drawable):
        if curve:
            mark = _mark(index, len(drawable), canvas)
            signal = figure.signal([at for at, _ in curve], [value for _, value in curve], marker=plotext.marker(*mark))
            signal.lines()
            figure.draw(signal)
    ticks = _ticks(min(times), max(times))
    figure.ruler("x").ticks(ticks, [local_time(at) for at in ticks])
    return str(figure.build().string(not canvas.coloured)).rstrip("\n")


def key(index: int, curves: int, *, coloured: bool) -> Text:
    """Return the mark that a table puts beside the name of a drawn curve; empty for one that is not drawn."""
    if index >= MOST_CURVES:
        return Text()
    return Text("━" if coloured or curves == 1 else LETTERS[index], style=f"color({COLOURS[index]})")


def _mark(index: int, curves: int, canvas: Canvas) -> tuple[str, int]:
    symbol = "braille" if canvas.coloured or curves == 1 else LETTERS[index]
    return symbol, COLOURS[index]


def _drawable(value: float) -> bool:
    return math.isfinite(value) and abs(value) < _LARGEST


def _ticks(first: float, last: float) -> list[float]:
    if last <= first:
        return [first]
    return [first + (last - first) * place / (_TICKS - 1) for place in range(_TICKS)]
