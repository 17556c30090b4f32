"""The names that the editor of Metrics completes from, in the few forms of Prometheus's API that it asks for.

Nothing is passed on as it comes: each answer is read, bounded, and written anew.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from flask import Blueprint, Response, jsonify, make_response, request

from labctl.actions import metric_names
from labctl.base.errors import LabctlError
from labctl.room.problems import status_of
from labctl.room.site import here


def add(room: Blueprint) -> None:
    """Add the routes."""

    @room.get("/metrics/api/labels")
    def labels() -> Response:
        return _told(lambda: metric_names.labels(here().lab, _selector()))

    @room.get("/metrics/api/label/<label>/values")
    def values(label: str) -> Response:
        return _told(lambda: metric_names.values(here().lab, label, _selector()))

    @room.get("/metrics/api/series")
    def series() -> Response:
        return _told(lambda: metric_names.series(here().lab, _selector()))

    @room.get("/metrics/api/metadata")
    def metadata() -> Response:
        return _told(_descriptions)

    @room.get("/metrics/api/status/flags")
    def flags() -> Response:
        return _told(lambda: {"enable-feature": metric_names.features(here().lab)})


def _descriptions() -> dict[str, object]:
    return {name: list(map(asdict, said)) for name, said in metric_names.descriptions(here().lab).items()}


def _selector() -> str:
    return request.args.get("match[]", "")


def _told(ask: Callable[[], object]) -> Response:
    try:
        return jsonify(status="success", data=ask())
    except LabctlError as problem:
        return make_response(jsonify(status="error", error=problem.what), status_of(problem))
