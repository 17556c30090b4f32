"""Jaeger's query API, as its UI and Grafana's data source use it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from time import time_ns
from typing import Any

from flask import Blueprint, Response, jsonify, request

from services.telemetry import streamed
from services.telemetry.deadline import QueryTimeoutError
from services.telemetry.gate import BusyError, Gate
from services.telemetry.jaeger import model, search, written
from services.telemetry.jaeger.params import MAX_LIMIT, BadParameterError, TraceQuery, integer, trace_id
from services.telemetry.store.reader import Reader

DAY_MS = 24 * 3600 * 1000


class UnknownTraceError(Exception):
    """No span has the id."""


def answer(data: Sequence[Any], *, errors: Sequence[dict[str, Any]] | None = None) -> Response:
    """Jaeger's envelope."""
    return jsonify({"data": data, "total": len(data), "limit": 0, "offset": 0, "errors": errors})


def failure(status: int, message: str) -> Response:
    """Jaeger's error body."""
    errors = [{"code": status, "msg": message}]
    response = jsonify({"data": None, "total": 0, "limit": 0, "offset": 0, "errors": errors})
    response.status_code = status
    return response


def _busy(error: BusyError) -> Response:
    response = failure(429, str(error))
    response.headers["Retry-After"] = str(error.retry_after)
    return response


def blueprint(reader: Reader, gate: Gate) -> Blueprint:
    """All routes under /api."""
    routes = Blueprint("jaeger", __name__, url_prefix="/api")
    routes.register_error_handler(BadParameterError, lambda error: failure(400, str(error)))
    routes.register_error_handler(QueryTimeoutError, lambda error: failure(504, str(error)))
    routes.register_error_handler(UnknownTraceError, lambda _: failure(404, "trace not found"))
    routes.register_error_handler(BusyError, _busy)
    _names(routes, reader, gate)
    _traces(routes, reader, gate)
    return routes


def _names(routes: Blueprint, reader: Reader, gate: Gate) -> None:
    @routes.get("/services")
    def services() -> Response:
        with reader.open() as (connection, _):
            return answer(search.services(connection))

    @routes.get("/services/<path:service>/operations")
    def operation_names(service: str) -> Response:
        with reader.open() as (connection, _):
            return answer(list(dict.fromkeys(name for name, _ in search.operations(connection, service))))

    @routes.get("/operations")
    def operations() -> Response:
        service = request.args.get("service", "")
        if not service:
            raise BadParameterError("parameter 'service' is required")
        wanted = request.args.get("spanKind", "")
        with reader.open() as (connection, _):
            found = [(name, model.kind_name(kind)) for name, kind in search.operations(connection, service)]
        return answer([{"name": name, "spanKind": kind} for name, kind in found if wanted in ("", kind)])

    @routes.get("/dependencies")
    def dependencies() -> Response:
        end = integer(request.args, "endTs", time_ns() // 1_000_000)
        lookback = integer(request.args, "lookback", DAY_MS)
        with gate.passed(), reader.open() as (connection, _):
            found = search.dependencies(connection, (end - lookback) * 1000, end * 1000)
        return answer([{"parent": parent, "child": child, "callCount": count} for parent, child, count in found])


def _traces(routes: Blueprint, reader: Reader, gate: Gate) -> None:
    @routes.get("/traces")
    def find() -> Response:
        ids = [trace_id(text) for text in request.args.getlist("traceID")]
        query = None if ids else TraceQuery.of(request.args)

        def make(stack: ExitStack) -> Iterable[str]:
            stack.enter_context(gate.passed())
            connection, deadline = stack.enter_context(reader.open())
            found = search.find(connection, query, deadline) if query else ids
            limit = query.limit if query else MAX_LIMIT
            short = query is not None and query.brief
            return written.answer(connection, found[:limit], deadline, more=len(found) > limit, short=short)

        return streamed.response(make)

    @routes.get("/traces/<text>")
    def one(text: str) -> Response:
        wanted = trace_id(text)

        def make(stack: ExitStack) -> Iterable[str]:
            stack.enter_context(gate.passed())
            connection, deadline = stack.enter_context(reader.open())
            if not search.is_known(connection, wanted):
                raise UnknownTraceError
            return written.answer(connection, [wanted], deadline)

        return streamed.response(make)
