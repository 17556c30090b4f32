"""From the beginning of a trace id to the whole one."""

from __future__ import annotations

from labctl.lookups.logql import ANY_SERVICE, quoted
from labctl.lookups.logs import LokiClient
from labctl.lookups.traces import FULL_ID_LENGTH, JaegerClient, checked_prefix, only_one

_MOST_LINES = 1000


def whole_id(prefix: str, traces: JaegerClient, logs: LokiClient, *, start: float, end: float) -> str:
    """Return the only trace id from `start` to `end` (epoch seconds) that begins with `prefix`; a whole id as it is.

    Nearly every trace has log lines, and Loki finds them by the id's beginning. Jaeger's API only lists whole traces:
    a trace without log lines is looked for among the newest of them. Raises InputError, LookupFailedError.
    """
    wanted = checked_prefix(prefix)
    if len(wanted) == FULL_ID_LENGTH:
        return wanted
    lines = logs.query(f"{ANY_SERVICE} | trace_id=~{quoted(wanted + '.*')}", start, end, _MOST_LINES)
    if lines:
        return only_one(wanted, (line.trace_id for line in lines))
    return traces.trace_id(wanted, start=start, end=end)
