"""`labctl trace`: one request as a waterfall.

With --json: {"id", "start", "duration_s", "spans": [{"id", "parent_id", "depth", "service", "operation", "offset_s",
"duration_s", "error", "remark", "attributes", "events": [{"at", "attributes"}]}]}, parents before children.
"""

from __future__ import annotations

import time
from typing import Annotated, Any

import typer
from rich.text import Text

from labctl.base.names import DEFAULT_NAME
from labctl.base.text import visible
from labctl.base.times import iso, local_time_ms, parse_duration, show_duration
from labctl.cli import console
from labctl.cli.options import JsonOption, NameOption, SinceOption
from labctl.lab.lab import Lab
from labctl.lookups.spans import Span, Trace
from labctl.lookups.trace_ids import whole_id
from labctl.lookups.waterfall import Row, bar, key_attributes, rows

MOST_ROWS = 500
_BAR_WIDTH = 32


def trace(
    trace_id: Annotated[str, typer.Argument(metavar="ID", help="A trace's id, or the beginning of a recent one's.")],
    since: SinceOption = "1h",
    name: NameOption = DEFAULT_NAME,
    as_json: JsonOption = False,
) -> None:
    """Draw one trace as a waterfall: who called whom, when, for how long, and what failed."""
    end = time.time()
    start = end - parse_duration(since, "--since")
    lab = Lab.open(name)
    lab.store.journal.looked_up("trace", id=visible(trace_id))
    wanted = whole_id(trace_id, lab.traces, lab.logs, start=start, end=end)
    found = lab.traces.trace(wanted, start=start, end=end)
    lines = rows(found)
    console.emit(document(found, lines), lambda: _show(found, lines), as_json=as_json)


def document(found: Trace, lines: list[Row]) -> dict[str, Any]:
    """Return a trace with all that is known of it."""
    spans = [_span_document(line) for line in lines]
    return {"id": found.id, "start": iso(found.start), "duration_s": round(found.duration, 6), "spans": spans}


def _span_document(line: Row) -> dict[str, Any]:
    span = line.span
    return {
        "id": span.id,
        "parent_id": span.parent_id,
        "depth": line.depth,
        "service": span.service,
        "operation": span.operation,
        "offset_s": round(line.offset, 6),
        "duration_s": round(span.duration, 6),
        "error": span.error,
        "remark": line.remark,
        "attributes": span.attributes,
        "events": [{"at": iso(event.at), "attributes": event.attributes} for event in span.events],
    }


def _show(found: Trace, lines: list[Row]) -> None:
    console.show(
        f"trace {visible(found.id)}, {local_time_ms(found.start)}, {show_duration(found.duration)}, "
        f"{len(found.spans)} spans, {found.errors} failed"
    )
    console.table(
        ("SPAN", "SERVICE", "", "DURATION", "DETAILS"), (_row(line, found.duration) for line in lines[:MOST_ROWS])
    )
    if len(lines) > MOST_ROWS:
        console.note(f"shown: the first {MOST_ROWS} of {len(lines)} spans; --json has all")


def _row(line: Row, total: float) -> tuple[object, ...]:
    span = line.span
    style = "bold red" if span.error else ""
    return (
        Text(line.branch, style="dim").append(visible(span.operation), style=style),
        span.service,
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
    return Text(visible(" ".join(word for word in words if word)))
