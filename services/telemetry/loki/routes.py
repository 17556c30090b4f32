"""Loki's HTTP API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from itertools import islice

from flask import Blueprint, Response, jsonify, request

from services.telemetry import streamed
from services.telemetry.deadline import QueryTimeoutError
from services.telemetry.gate import BusyError, Gate
from services.telemetry.loki import answer, params, search
from services.telemetry.loki.evaluate import Evaluation, LimitError
from services.telemetry.loki.metric_parser import parse
from services.telemetry.loki.params import BadRequestError
from services.telemetry.loki.syntax import LogqlError, LogQuery, MetricQuery
from services.telemetry.store.reader import Reader

GET_AND_POST = ["GET", "POST"]
ENCODING_FLAGS = "X-Loki-Response-Encoding-Flags"
API_VERSION = "3.2.0"
"""The version of Loki's API that these answers follow: what Logs Drilldown wants at least."""
NO_INSTANT_LOGS = (
    "log queries are not supported as an instant query type, please change your query to a range query type"
)


def blueprint(reader: Reader, gate: Gate, version: str) -> Blueprint:
    """Return the query routes under /loki/api/v1."""
    routes = Blueprint("loki", __name__, url_prefix="/loki/api/v1")
    for error in (LogqlError, BadRequestError, LimitError):
        routes.register_error_handler(error, lambda found: _failure(400, found))
    routes.register_error_handler(QueryTimeoutError, lambda found: _failure(504, found))
    routes.register_error_handler(BusyError, _busy)
    routes.add_url_rule("/query_range", "query_range", lambda: _query_range(reader, gate), methods=GET_AND_POST)
    routes.add_url_rule("/query", "query", lambda: _query(reader, gate), methods=GET_AND_POST)

    @routes.get("/status/buildinfo")
    def buildinfo() -> Response:
        return jsonify({"version": API_VERSION, "revision": version, "branch": "", "buildUser": "", "buildDate": ""})

    return routes


def _failure(status: int, error: Exception) -> Response:
    """Loki answers errors in plain text."""
    return Response(f"{error}\n", status=status, content_type="text/plain; charset=utf-8")


def _busy(error: BusyError) -> Response:
    response = _failure(429, error)
    response.headers["Retry-After"] = str(error.retry_after)
    return response


def _query_range(reader: Reader, gate: Gate) -> Response:
    args = request.values
    query = parse(args.get("query", ""))
    if not isinstance(query, LogQuery):
        return _range(reader, gate, query, args)
    window, limit, backward = params.window(args), params.limit(args), params.is_backward(args)
    categorize = answer.CATEGORIZE in request.headers.get(ENCODING_FLAGS, "")

    def make(stack: ExitStack) -> Iterable[str]:
        stack.enter_context(gate.passed())
        with reader.open() as (connection, deadline):
            found = search.entries(connection, query, window, deadline, backward=backward)
            return answer.streams(islice(found, limit), categorize=categorize)

    return streamed.response(make)


def _range(reader: Reader, gate: Gate, query: MetricQuery, args: Mapping[str, str]) -> Response:
    times = params.steps(args, params.window(args))
    with gate.passed(), reader.open() as (connection, deadline):
        return jsonify(answer.matrix(Evaluation(connection, times, deadline).run(query), times))


def _query(reader: Reader, gate: Gate) -> Response:
    args = request.values
    query = parse(args.get("query", ""))
    if isinstance(query, LogQuery):
        raise BadRequestError(NO_INSTANT_LOGS)
    time = params.moment(args["time"], "time") if args.get("time") else params.window({}).end
    with gate.passed(), reader.open() as (connection, deadline):
        found = Evaluation(connection, [time], deadline).run(query)
    return jsonify(answer.vector(((dict(key), values[0]) for key, values in sorted(found.items()) if values), time))
