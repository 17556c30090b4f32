"""`labctl trace`: one request as a waterfall."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from labctl.actions import traces as action
from labctl.base.names import DEFAULT_NAME
from labctl.base.text import clipped, number_of, visible
from labctl.base.times import local_time_ms, show_duration
from labctl.cli import console
from labctl.cli.options import JsonOption, NameOption, SinceOption
from labctl.lookups.spans import Span
from labctl.lookups.waterfall import Row, bar, key_attributes

MOST_ROWS = 500
_BAR_WIDTH = 32
_NAME_SHOWN = 120
_DETAILS_SHOWN = 1000


def trace(
    trace_id: Annotated[str, typer.Argument(metavar="ID", help="A trace's id, or the beginning of a recent one's.")],
    since: SinceOption = "1h",
    name: NameOption = DEFAULT_NAME,
    as_json: JsonOption = False,
) -> None:
    """Draw one trace as a waterfall: who called whom, when, for how long, and what failed."""
    answer, lines = action.trace(name, trace_id, since=since)
    console.emit(answer, lambda: _show(answer, lines), as_json=as_json)


def _show(found: action.Trace, lines: list[Row]) -> None:
    errors = sum(each.error for each in found.spans)
    console.show(
        f"trace {visible(found.id)}, {local_time_ms(found.start.timestamp())}, {show_duration(found.duration_s)}, "
        f"{number_of(len(found.spans), 'span')}, {errors} failed"
    )
    console.table(
        ("SPAN", "SERVICE", "", "DURATION", "DETAILS"), (_row(line, found.duration_s) for line in lines[:MOST_ROWS])
    )
    if len(lines) > MOST_ROWS:
        console.note(f"shown: the first {MOST_ROWS} of {len(lines)} spans; --json has all")
    if found.cut:
        console.note(found.cut)


def _row(line: Row, total: float) -> tuple[object, ...]:
    span = line.span
    style = "bold red" if span.error else ""
    return (
        Text(line.branch, style="dim").append(visible(clipped(span.operation, _NAME_SHOWN)), style=style),
        clipped(span.service, _NAME_SHOWN),
        _bar(line, total),
        Text(show_duration(span.duration), style=style, justify="right"),
        _details(span, line.remark),
    )


def _bar(line: Row, total: float) -> Text:
    begin, length = bar(line.offset, line.span.duration, total, _BAR_WIDTH)
    text = Text("·" * begin, style="dim")
    text.append("█" * length, style="red" if line.span.error else "green")
    return text.append("·" * (_BAR_WIDTH - begin - length), style="dim")


def _details(span: Span, remark: str) -> Text:
    words = [*(["FAILED"] if span.error else []), key_attributes(span), *([f"({remark})"] if remark else [])]
    return Text(visible(clipped(" ".join(word for word in words if word), _DETAILS_SHOWN)))
