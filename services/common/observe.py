"""Around every request: its id, origin, deadline, server span, duration metric and access log line."""

from __future__ import annotations

import logging
import time
from contextvars import Token
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, g, request
from opentelemetry import context, trace
from opentelemetry.trace import Span, SpanKind, StatusCode

from services.common import deadline, health, instruments, origin, request_context, tracing

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"})
LONGEST_PATH = 256
TRACE_RESPONSE = "traceresponse"
"""Tells the caller which trace is its request's (W3C Trace Context, level 2)."""

_log = logging.getLogger("services.access")


@dataclass(frozen=True)
class _Scope:
    """What was bound for a request, to be released after it; `span` is None for a health check."""

    started: float
    request_id: Token[str]
    origin: Token[str]
    deadline: Token[deadline.Deadline | None]
    trace_context: Token[context.Context]
    span: Span | None


def install(app: Flask, *, trust_deadline: bool) -> None:
    """Observe every request of `app`, health checks apart; a public service trusts no caller's deadline."""

    def begin() -> None:
        g.scope = _begin(trust_deadline=trust_deadline)

    app.before_request(begin)
    app.after_request(_answered)
    app.teardown_request(_release)


def _begin(*, trust_deadline: bool) -> _Scope:
    header = request.headers.get(deadline.HEADER) if trust_deadline else None
    whose = origin.bind(origin.accept(request.headers.get(origin.HEADER)))
    span = None if request.path in health.PATHS else _server_span()
    current = trace.set_span_in_context(span) if span else context.get_current()
    return _Scope(
        started=time.perf_counter(),
        request_id=request_context.bind(request_context.accept(request.headers.get(request_context.HEADER))),
        origin=whose,
        deadline=deadline.bind(deadline.Deadline.from_header(header)),
        trace_context=context.attach(current),
        span=span,
    )


def _server_span() -> Span:
    attributes = {
        "http.request.method": _method(),
        "url.path": request.path[:LONGEST_PATH],
        "url.scheme": request.scheme,
    }
    if route := _route():
        attributes["http.route"] = route
    return tracing.tracer().start_span(
        f"{_method()} {route}".strip(),
        context=tracing.remote_context(request.headers.get(tracing.HEADER)),
        kind=SpanKind.SERVER,
        attributes=attributes,
    )


def _answered(response: Response) -> Response:
    scope: _Scope = g.scope
    response.headers[request_context.HEADER] = request_context.current()
    if scope.span:
        if trace_id := tracing.traceparent():
            response.headers[TRACE_RESPONSE] = trace_id
        _measure(scope, scope.span, response.status_code)
    return response


def _measure(scope: _Scope, span: Span, status: int) -> None:
    duration = time.perf_counter() - scope.started
    labels: dict[str, Any] = {"http.request.method": _method(), "http.response.status_code": status}
    if route := _route():
        labels["http.route"] = route
    instruments.server_duration.record(duration, labels)
    if origin.current():
        instruments.synthetic_requests.add(1, labels)
    span.set_attribute("http.response.status_code", status)
    span.set_attribute("request.id", request_context.current())
    if status >= 500:
        span.set_status(StatusCode.ERROR)
    fields = {
        "method": _method(),
        "route": route,
        "path": request.path[:LONGEST_PATH],
        "status": status,
        "duration_ms": round(duration * 1000, 1),
    }
    _log.log(logging.ERROR if status >= 500 else logging.INFO, "%s %s %s", _method(), route, status, extra=fields)


def _release(_error: BaseException | None) -> None:
    scope: _Scope | None = g.pop("scope", None)
    if scope is None:
        return
    if scope.span:
        scope.span.end()
    context.detach(scope.trace_context)
    deadline.release(scope.deadline)
    origin.release(scope.origin)
    request_context.release(scope.request_id)


def _route() -> str:
    return request.url_rule.rule if request.url_rule else ""


def _method() -> str:
    return request.method if request.method in METHODS else "_OTHER"
