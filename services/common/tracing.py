"""Where spans come from, and how work that belongs to no request (polls, probes) stays out of the traces."""

from __future__ import annotations

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.instrumentation.utils import is_instrumentation_enabled, suppress_instrumentation
from opentelemetry.trace import NoOpTracer, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

HEADER = "traceparent"

_tracer = trace.get_tracer("services")
_none = NoOpTracer()
# Trace context only: with baggage, a stranger's text would travel through every hop.
_propagator = TraceContextTextMapPropagator()

untraced = suppress_instrumentation
"""Context manager: no spans and no request metrics inside."""


def traced() -> bool:
    """Whether the current work is observed."""
    return is_instrumentation_enabled()


def tracer() -> Tracer:
    """Return the tracer for the current work."""
    return _tracer if traced() else _none


def traceparent() -> str:
    """Return the W3C trace context of the current span, or an empty string when there is none."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get(HEADER, "")


def remote_context(value: str | None) -> Context:
    """Return the context in which `value` (a traceparent) is the parent; a malformed one counts as none."""
    return _propagator.extract({HEADER: value or ""}, Context())
