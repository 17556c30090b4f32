"""`labctl topology`: which components call which, how often, how fast, and with how many errors."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from labctl.actions import topology as action
from labctl.actions.topology import Topology
from labctl.base.names import DEFAULT_NAME
from labctl.base.text import clipped, visible
from labctl.base.times import show_duration
from labctl.cli import console
from labctl.cli.layout import Layout
from labctl.cli.options import JsonOption, NameOption
from labctl.lookups.tree import Twig, twigs

_NOTICEABLE_ERRORS = 0.01
_NAME_SHOWN = 80
# A tree whose lines are broken is none.
_LAYOUT = Layout(spare=("TRACED CALLS", "VIA"), whole=("COMPONENT", "CALLS/S", "ERRORS", "P95"))


def topology(
    window: Annotated[
        str, typer.Option("--window", metavar="DURATION", help="Figures over the last 30s, 5m, …")
    ] = "1m",
    name: NameOption = DEFAULT_NAME,
    as_json: JsonOption = False,
) -> None:
    """Draw the architecture as the telemetry sees it: rate, errors and p95 of every connection."""
    answer = action.topology(name, window)
    console.emit(answer, lambda: _show(answer), as_json=as_json)


def _show(answer: Topology) -> None:
    console.table(
        ("COMPONENT", "VIA", "CALLS/S", "ERRORS", "P95", "TRACED CALLS"),
        map(_row, twigs(answer.edges)),
        layout=_LAYOUT,
    )
    console.note(
        f"over the last {show_duration(answer.window_s)}, by the callers; '-' where they measure nothing; "
        "prometheus and telemetry watch everything"
    )


def _row(twig: Twig) -> tuple[object, ...]:
    name = Text(twig.branch, style="dim").append(visible(clipped(twig.name, _NAME_SHOWN)), style="bold")
    edge = twig.edge
    if edge is None:
        return (name, "", "", "", "", "")
    return (
        name,
        edge.via,
        _right("-" if edge.rate is None else f"{edge.rate:.1f}"),
        _errors(edge.error_ratio),
        _right("-" if edge.p95_s is None else show_duration(edge.p95_s)),
        _right(str(edge.traced_calls) if edge.traced_calls else "-"),
    )


def _errors(ratio: float | None) -> Text:
    if ratio is None:
        return _right("-")
    text = _right(f"{ratio:.2%}")
    text.stylize("bold red" if ratio >= _NOTICEABLE_ERRORS else "")
    return text


def _right(text: str) -> Text:
    return Text(text, justify="right")
