"""`labctl metrics`: what Prometheus knows, as a table or as curves.

With --json, an instant query answers {"query", "at", "series": [{"labels", "value"}]}, a range
{"query", "start", "end", "step_s", "series": [{"labels", "min", "mean", "max", "last", "points": [[time, value], …]}]}.
Times are ISO 8601; values that JSON has no number for are "NaN", "+Inf" and "-Inf".
"""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.text import Text

from labctl.base.names import DEFAULT_NAME
from labctl.base.text import checked
from labctl.base.times import iso, local_time, parse_duration
from labctl.cli import console
from labctl.cli.options import JsonOption, NameOption
from labctl.lab.lab import Lab
from labctl.lookups import chart
from labctl.lookups.figures import json_number, number, series_name, summary
from labctl.model.samples import Sample, Series

MOST_ROWS = 50
_POINTS = 240
_HEIGHT = 16
_PLAIN_CHART_WIDTH = 110

Range = Annotated[str, typer.Option("--range", metavar="DURATION", help="The curve of the last 90s, 5m, 1h, …")]
Step = Annotated[
    str, typer.Option("--step", metavar="DURATION", help="Between the points of a curve; 1s at the least.")
]


def metrics(
    query: Annotated[str, typer.Argument(metavar="PROMQL", help="Such as 'sum by (job) (rate(…_count[30s]))'.")],
    *,
    range_: Range = "",
    step: Step = "",
    name: NameOption = DEFAULT_NAME,
    as_json: JsonOption = False,
) -> None:
    """Ask Prometheus: a table of values now, or with --range a plot and what the curves come to."""
    checked(query, "the query")
    span = parse_duration(range_, "--range") if range_ else None
    spacing = parse_duration(step, "--step") if step else None
    lab = Lab.open(name)
    lab.store.journal.looked_up("metrics", query=query, range=range_)
    now = time.time()
    if span is None:
        samples = lab.metrics.query(query, now)
        console.emit(_instant(query, now, samples), lambda: _show_instant(samples), as_json=as_json)
    else:
        spacing = spacing or max(1.0, round(span / _POINTS))
        series = lab.metrics.query_range(query, now - span, now, spacing)
        frame = {"query": query, "start": iso(now - span), "end": iso(now), "step_s": spacing}
        answer = {**frame, "series": [_curve(each) for each in series]}
        console.emit(answer, lambda: _show_range(series, now), as_json=as_json)


def _instant(query: str, at: float, samples: list[Sample]) -> dict[str, Any]:
    rows = [{"labels": each.labels, "value": json_number(each.value)} for each in samples]
    return {"query": query, "at": iso(at), "series": rows}


def _curve(series: Series) -> dict[str, Any]:
    figures = {key: json_number(value) for key, value in asdict(summary(series)).items()}
    points = [[iso(at), json_number(value)] for at, value in series.points]
    return {"labels": series.labels, **figures, "points": points}


def _show_instant(samples: list[Sample]) -> None:
    rows = [(series_name(each.labels), Text(number(each.value), justify="right")) for each in samples[:MOST_ROWS]]
    console.table(("SERIES", "VALUE"), rows)
    _note_rest(len(samples))


def _show_range(series: list[Series], now: float) -> None:
    coloured = console.coloured()
    canvas = chart.Canvas(console.width(_PLAIN_CHART_WIDTH), _HEIGHT, coloured)
    drawing = chart.draw([each.points for each in series], canvas)
    if drawing:
        console.lines(Text.from_ansi(drawing).split("\n"))
    drawn = min(len(series), chart.MOST_CURVES)
    console.table(
        ("", "SERIES", "MIN", "MEAN", "MAX", "LAST"),
        (
            (
                chart.key(index, drawn, coloured=coloured),
                series_name(each.labels),
                *map(number, asdict(summary(each)).values()),
            )
            for index, each in enumerate(series[:MOST_ROWS])
        ),
    )
    if len(series) > chart.MOST_CURVES:
        console.note(
            f"drawn: the first {chart.MOST_CURVES} of {len(series)} series; aggregate, such as sum by (job) (…)"
        )
    _note_rest(len(series))
    console.note(f"until {local_time(now)}")


def _note_rest(count: int) -> None:
    if count > MOST_ROWS:
        console.note(f"shown: the first {MOST_ROWS} of {count} series; narrow the query, or take --json for all")
    if count == 0:
        console.note("no data: no series matches, or nothing happened in the query's window")
