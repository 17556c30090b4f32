"""An answer with traces, written one span at a time; it says when it is cut.

A cut answer has a field `warnings` beside Jaeger's own, which Jaeger's clients pass over; a cut trace says so in its
own `warnings`, which Jaeger's UI shows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import chain

from services.telemetry.deadline import Deadline
from services.telemetry.jaeger import brief, model, search

MAX_ANSWER_CHARACTERS = 64 * 1024 * 1024
NARROW = "narrow the search by time, service, operation or duration"


def answer(
    connection: sqlite3.Connection, ids: Sequence[bytes], deadline: Deadline, *, more: bool = False, short: bool = False
) -> Iterator[str]:
    """Write the traces that are there, in the order of the ids; `more` says that others match too.

    `short` leaves out what lists don't show of their spans.
    """
    total = size = 0
    reason = f"cut at {len(ids)} traces: more match; {NARROW}" if more else ""
    yield '{"data":['
    for trace_id in ids:
        if size > MAX_ANSWER_CHARACTERS:
            reason = _too_much(total, len(ids))
            break
        pieces = brief.pieces(connection, trace_id, deadline) if short else _whole(connection, trace_id, deadline)
        begin = next(pieces, None)
        if deadline.expired():
            reason = _too_much(total, len(ids))
            break
        if begin is None:
            continue
        for piece in chain([","] if total else [], [begin], pieces):
            size += len(piece)
            yield piece
        total += 1
    warnings = f',"warnings":{model.compact([reason])}' if reason else ""
    yield f'],"total":{total},"limit":0,"offset":0,"errors":null{warnings}}}'


def _whole(connection: sqlite3.Connection, trace_id: bytes, deadline: Deadline) -> Iterator[str]:
    """Write one trace; nothing for one that is not there."""
    cut: list[str] = []
    spans = search.spans(connection, trace_id, deadline, cut)
    begin = next(spans, None)
    if begin is not None and not deadline.expired():
        yield from model.pieces(trace_id, chain([begin], spans), cut)


def _too_much(written: int, wanted: int) -> str:
    return f"cut at {written} of {wanted} traces: the answer is too large or takes too long; {NARROW}"
