"""The part of Loki's API that Grafana's Logs Drilldown asks for: fields, values, patterns, volumes over time."""

from __future__ import annotations

from itertools import islice

from flask import Blueprint, Response, jsonify, request

from services.telemetry.gate import Gate
from services.telemetry.loki import alike, answer, fields, params, search
from services.telemetry.loki.answer import Json
from services.telemetry.loki.entry import Entry
from services.telemetry.loki.evaluate import MAX_SERIES, Evaluation
from services.telemetry.loki.metric_parser import parse
from services.telemetry.loki.params import MAX_LIMIT, BadRequestError
from services.telemetry.loki.routes import API_VERSION, GET_AND_POST
from services.telemetry.loki.syntax import LogQuery, RangeAggregation, VectorAggregation
from services.telemetry.store.reader import Reader

SAMPLE = 1000
"""Lines that fields are detected in: the newest."""
PATTERN_LINES = 20_000
"""Lines that are put together to patterns: the newest."""
MANY = 1000
NOT_SERVED = "this part of Loki's API is not served here: docs/telemetry.md says what is"


def add(routes: Blueprint, reader: Reader, gate: Gate) -> None:
    """Add the routes to those of the queries."""

    @routes.route("/detected_fields", methods=GET_AND_POST)
    def detected_fields() -> Response:
        found = fields.detect(_newest(reader, gate, _lines("line_limit", SAMPLE)))
        most = _count("limit", MANY)
        shown = [_field(name, each) for name, each in sorted(found.items())[:most]]
        return jsonify({"fields": shown, "limit": most})

    @routes.route("/detected_field/<name>/values", methods=GET_AND_POST)
    def detected_values(name: str) -> Response:
        found = fields.detect(_newest(reader, gate, _lines("line_limit", SAMPLE))).get(name, fields.Detected())
        most = _count("limit", MANY)
        return jsonify({"values": sorted(found.values)[:most], "limit": most})

    @routes.route("/patterns", methods=GET_AND_POST)
    def patterns() -> Response:
        step = params.step(request.values, params.window(request.values))
        found = alike.count(_newest(reader, gate, PATTERN_LINES), step)
        return jsonify(answer.success([_pattern(*key, each) for key, each in found.items()]))

    @routes.route("/index/volume_range", methods=GET_AND_POST)
    def volume_range() -> Response:
        return _volume_range(reader, gate)

    @routes.get("/drilldown-limits")
    def limits() -> Response:
        return jsonify({"limits": LIMITS, "pattern_ingester_enabled": True, "version": API_VERSION})

    @routes.route("/<path:rest>", methods=GET_AND_POST)
    def other(rest: str) -> Response:
        return Response(f"/loki/api/v1/{rest}: {NOT_SERVED}\n", status=404, content_type="text/plain; charset=utf-8")


LIMITS: Json = {
    "discover_log_levels": True,
    "discover_service_name": ["service_name"],
    "log_level_fields": ["level"],
    "max_entries_limit_per_query": MAX_LIMIT,
    "max_query_series": MAX_SERIES,
    "max_query_length": "30d",
    "max_query_lookback": "0s",
    "max_query_range": "0s",
    "max_query_bytes_read": "0B",
    "metric_aggregation_enabled": False,
    "pattern_persistence_enabled": False,
    "retention_period": "1h",
    "volume_enabled": True,
    "volume_max_series": MAX_SERIES,
}


def _log_query() -> LogQuery:
    query = parse(request.values.get("query", ""))
    if not isinstance(query, LogQuery):
        raise BadRequestError("parameter 'query' has to be one for logs, not for a metric")
    return query


def _newest(reader: Reader, gate: Gate, most: int) -> list[Entry]:
    query, window = _log_query(), params.window(request.values)
    with gate.passed(), reader.open() as (connection, deadline):
        return list(islice(search.entries(connection, query, window, deadline, backward=True), most))


def _count(name: str, otherwise: int) -> int:
    return params.limit({"limit": request.values[name]}) if request.values.get(name) else otherwise


def _lines(name: str, otherwise: int) -> int:
    return min(_count(name, otherwise), MAX_LIMIT)


def _field(name: str, found: fields.Detected) -> Json:
    parsers = sorted(str(each) for each in found.parsers) or None
    path = {"jsonPath": [name]} if parsers == ["json"] else {}
    return {"label": name, "type": found.kind, "cardinality": len(found.values), "parsers": parsers, **path}


def _pattern(pattern: str, level: str, found: alike.Alike) -> Json:
    return {"pattern": pattern, "level": level, "samples": [list(pair) for pair in sorted(found.counts.items())]}


def _volume_range(reader: Reader, gate: Gate) -> Response:
    query, window = _log_query(), params.window(request.values)
    step = params.step(request.values, window)
    times = params.steps(request.values, window)
    asked = VectorAggregation(
        "sum", RangeAggregation("bytes_over_time", query, step), params.target_labels(request.values, query)
    )
    with gate.passed(), reader.open() as (connection, deadline):
        found = Evaluation(connection, times, deadline).run(asked)
    largest = sorted(found.items(), key=lambda item: -sum(item[1].values()))[: params.limit(request.values)]
    return jsonify(answer.matrix(dict(largest), times))
