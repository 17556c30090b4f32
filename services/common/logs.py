"""Structured logs: one JSON object a line on stdout, with the ids of the request and the trace that it belongs to.

Extra fields come from `extra={...}` of the logging call; the OTLP handler (telemetry.py) sends the same fields.
"""

from __future__ import annotations

import logging
import sys

from opentelemetry import trace

from services.common import origin, request_context
from services.common.log_lines import JsonFormatter

QUIET = ("opentelemetry", "urllib3", "werkzeug", "psycopg.pool", "gunicorn.access")
"""Loggers that repeat themselves while a peer is away; what matters of it shows in our own lines and metrics."""


_SERVER = "gunicorn.error"
_NO_REQUEST = "Invalid request"


class RequestFilter(logging.Filter):
    """Puts on every record the current request's id, unless it has one, and whose request that is."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Never drops a record."""
        if not hasattr(record, "request_id") and (request_id := request_context.current()):
            record.request_id = request_id
        vars(record).update(origin.attributes())
        if record.name == _SERVER and str(record.msg).startswith(_NO_REQUEST):
            # Bytes that are no HTTP request: no customer's client sends those.
            vars(record)[origin.ATTRIBUTE] = origin.TEST
        return True


def configure(service: str, *, level: int = logging.INFO) -> None:
    """Send every logger to stdout as JSON; replaces what was configured before."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter(service, _trace_fields))
    handler.addFilter(RequestFilter())
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _trace_fields() -> dict[str, object]:
    context = trace.get_current_span().get_span_context()
    if not context.is_valid:
        return {}
    return {"trace_id": f"{context.trace_id:032x}", "span_id": f"{context.span_id:016x}"}
