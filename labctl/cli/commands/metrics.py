"""`labctl metrics`: the result of a PromQL query, as a table or as curves."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from labctl.actions import metrics as action
from labctl.actions.metrics import Curve, Number
from labctl.base.errors import InputError
from labctl.base.names import DEFAULT_NAME
from labctl.base.times import local_time
from labctl.cli import chart, console
from labctl.cli.options import JsonOption, NameOption
from labctl.lookups.figures import number, series_name

MOST_ROWS = 50
_HEIGHT = 16
_PLAIN_CHART_WIDTH = 110

Range = Annotated[str, typer.Option("--range", metavar="DURATION", help="The curve of the last 90s, 5m, 1h, …")]
Step = Annotated[
    str, typer.Option("--step", metavar="DURATION", help="The time between two points of a curve; at least 1s.")
]


def metrics(
    query: Annotated[str, typer.Argument(metavar="PROMQL", help="Such as 'sum by (job) (rate(…_count[30s]))'.")],
    *,
    range_: Range = "",
    step: Step = "",
    name: NameOption = DEFAULT_NAME,
    as_json: JsonOption = False,
) -> None:
    """Ask Prometheus: a table of values now, or with --range a plot and each curve's min, mean, max and last value."""
    if range_:
        curves = action.curves(name, query, range_, step)
        console.emit(curves, lambda: _show_curves(curves), as_json=as_json)
        return
    if step:
        raise InputError("--step is the distance between the points of a curve", expected="--range, too")
    values = action.values(name, query)
    console.emit(values, lambda: _show_values(values), as_json=as_json)


def _show_values(found: action.Values) -> None:
    shown = found.series[:MOST_ROWS]
    rows = [(series_name(each.labels), Text(_figure(each.value), justify="right")) for each in shown]
    console.table(("SERIES", "VALUE"), rows)
    _note_rest(len(found.series))


def _show_curves(found: action.Curves) -> None:
    canvas = chart.Canvas(console.width(_PLAIN_CHART_WIDTH), _HEIGHT, console.coloured())
    drawing = chart.draw([_points(each) for each in found.series], canvas)
    if drawing:
        console.lines(Text.from_ansi(drawing).split("\n"))
    drawn = min(len(found.series), chart.MOST_CURVES)
    console.table(
        ("", "SERIES", "MIN", "MEAN", "MAX", "LAST"),
        (
            (chart.key(index, drawn), series_name(each.labels), *_figures(each))
            for index, each in enumerate(found.series[:MOST_ROWS])
        ),
    )
    if len(found.series) > chart.MOST_CURVES:
        console.note(
            f"drawn: the first {chart.MOST_CURVES} of {len(found.series)} series; aggregate, such as sum by (job) (…)"
        )
    _note_rest(len(found.series))
    console.note(f"until {local_time(found.end.timestamp())}")


def _points(curve: Curve) -> tuple[tuple[float, float], ...]:
    return tuple((at.timestamp(), float(value)) for at, value in curve.points if value is not None)


def _figures(curve: Curve) -> tuple[str, ...]:
    return tuple(map(_figure, (curve.min, curve.mean, curve.max, curve.last)))


def _figure(value: Number) -> str:
    return number(None if value is None else float(value))


def _note_rest(count: int) -> None:
    if count > MOST_ROWS:
        console.note(f"shown: the first {MOST_ROWS} of {count} series; narrow the query, or take --json for all")
    if count == 0:
        console.note("no data: no series matches, or nothing happened in the query's window")
