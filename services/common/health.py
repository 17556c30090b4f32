"""/healthz: the process answers. /readyz: the services and databases that it needs answer, too."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping

from flask import Blueprint, Response, jsonify

from services.common.problem import ProblemError
from services.common.tracing import untraced
from services.common.usual import Usual

Check = Callable[[], object]

PATHS = ("/healthz", "/readyz")

_log = logging.getLogger(__name__)
_slow = logging.getLogger(f"{__name__}.slow")


def blueprint(service: str, version: str, checks: Mapping[str, Check]) -> Blueprint:
    """Return both endpoints; a check says that its dependency is not ready by raising."""
    views = Blueprint("health", __name__)
    usual = {name: Usual() for name in checks}

    @views.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="ok", service=service, version=version)

    @views.get("/readyz")
    def readyz() -> Response:
        results = {name: _ask(name, check, usual[name]) for name, check in checks.items()}
        if not all(result == "ok" for result in results.values()):
            raise ProblemError(503, "not-ready", "a dependency is not ready", members={"checks": results})
        return jsonify(status="ready", checks=results)

    return views


def _ask(name: str, check: Check, usual: Usual) -> str:
    began = time.perf_counter()
    # A check may raise anything that its client library raises: every exception means "not ready".
    try:
        with untraced():
            check()
    except Exception as error:
        _log.warning("not ready: %s", error, extra={"check": name})
        return type(error).__name__
    _note_slowness(name, time.perf_counter() - began, usual)
    return "ok"


def _note_slowness(name: str, seconds: float, usual: Usual) -> None:
    usually = usual.exceeded(seconds)
    if usually is not None:
        took = round(seconds * 1000, 1)
        _slow.warning(
            "slow health check: %s took %s ms, usually %.1f", name, took, usually * 1000, extra={"duration_ms": took}
        )
