"""An answer with traces, written one span at a time; it says when it is cut.

A cut answer has a field `warnings` beside Jaeger's own, which Jaeger's clients pass over; a cut trace says so in its
own `warnings`, which Jaeger's UI shows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import chain

from services.telemetry.deadline import Deadline
from services.telemetry.jaeger import model, search

MAX_ANSWER_CHARACTERS = 64 * 1024 * 1024
NARROW = "narrow the search by time, service, operation or duration"


def answer(
    connection: sqlite3.Connection, ids: Sequence[bytes], deadline: Deadline, *, more: bool = False
) -> Iterator[str]:
    """Write the traces that are there, in the order of the ids; `more` says that others match too."""
    total = size = 0
    reason = f"cut at {len(ids)} traces: more match; {NARROW}" if more else ""
    yield '{"data":['
    for trace_id in ids:
        cut: list[str] = []
        spans = search.spans(connection, trace_id, deadline, cut)
        begin = None if size > MAX_ANSWER_CHARACTERS else next(spans, None)
        if size > MAX_ANSWER_CHARACTERS or deadline.expired():
            reason = f"cut at {total} of {len(ids)} traces: the answer is too large or takes too long; {NARROW}"
            break
        if begin is None:
            continue
        for piece in chain([","] if total else [], model.pieces(trace_id, chain([begin], spans), cut)):
            size += len(piece)
            yield piece
        total += 1
    warnings = f',"warnings":{model.compact([reason])}' if reason else ""
    yield f'],"total":{total},"limit":0,"offset":0,"errors":null{warnings}}}'
