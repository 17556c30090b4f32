"""The part of Loki's API that says what is there: labels, series, sizes."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from services.telemetry.loki import answer, params, search
from services.telemetry.loki.metric_parser import parse_selector
from services.telemetry.loki.params import BadRequestError
from services.telemetry.loki.routes import GET_AND_POST
from services.telemetry.loki.search import Stream
from services.telemetry.loki.syntax import LogQuery, Matcher
from services.telemetry.store.reader import Reader


def add(routes: Blueprint, reader: Reader) -> None:
    """Add the routes to those of the queries."""

    @routes.route("/labels", methods=GET_AND_POST)
    @routes.route("/label", methods=GET_AND_POST)
    def labels() -> Response:
        found = _present(reader, request.values.get("query", ""))
        return jsonify(answer.success(sorted({name for stream in found for name in stream.labels})))

    @routes.route("/label/<name>/values", methods=GET_AND_POST)
    def values(name: str) -> Response:
        found = _present(reader, request.values.get("query", ""))
        return jsonify(answer.success(sorted({stream.labels[name] for stream in found if name in stream.labels})))

    @routes.route("/detected_labels", methods=GET_AND_POST)
    def detected_labels() -> Response:
        found = _present(reader, request.values.get("query", ""))
        values = {
            name: {stream.labels.get(name) for stream in found} - {None} for each in found for name in each.labels
        }
        shown = [{"label": name, "cardinality": len(each)} for name, each in sorted(values.items())]
        return jsonify({"detectedLabels": shown})

    @routes.route("/series", methods=GET_AND_POST)
    def series() -> Response:
        asked = request.values.getlist("match[]") or request.values.getlist("match") or [""]
        found = {tuple(stream.labels.items()) for query in asked for stream in _present(reader, query)}
        return jsonify(answer.success([dict(labels) for labels in sorted(found)]))

    @routes.route("/index/stats", methods=GET_AND_POST)
    def stats() -> Response:
        sizes = [size for _, size in _sizes(reader)]
        entries, total = sum(count for count, _ in sizes), sum(size for _, size in sizes)
        return jsonify({"streams": len(sizes), "chunks": len(sizes), "entries": entries, "bytes": total})

    @routes.route("/index/volume", methods=GET_AND_POST)
    def volume() -> Response:
        wanted = params.target_labels(request.values, LogQuery(_matchers(request.values.get("query", ""))))
        volumes: dict[tuple[tuple[str, str], ...], int] = {}
        for stream, (_, size) in _sizes(reader):
            key = tuple((name, stream.labels[name]) for name in wanted if name in stream.labels)
            volumes[key] = volumes.get(key, 0) + size
        largest = sorted(volumes.items(), key=lambda item: -item[1])[: params.limit(request.values)]
        end = params.window(request.values).end
        return jsonify(answer.vector(((dict(key), size) for key, size in largest), end))


def _matchers(query: str) -> tuple[Matcher, ...]:
    """Everything when no selector is given."""
    return () if query.strip() in ("", "{}") else parse_selector(query).matchers


def _present(reader: Reader, query: str) -> list[Stream]:
    window = params.window(request.values)
    matchers = _matchers(query)
    with reader.open() as (connection, _):
        return search.present(connection, matchers, window)


def _sizes(reader: Reader) -> list[tuple[Stream, tuple[int, int]]]:
    query = request.values.get("query", "")
    if not query:
        raise BadRequestError("parameter 'query' is required: a stream selector")
    matchers, window = _matchers(query), params.window(request.values)
    with reader.open() as (connection, _):
        chosen = search.streams(connection, matchers)
        found = search.sizes(connection, chosen, window)
    return [(stream, found[stream.id]) for stream in chosen if stream.id in found]
