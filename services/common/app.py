"""The HTTP frame of every service: health endpoints, observation, and an answer for every kind of error."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from services.common import health, observe, problem
from services.common.body import MOST_BYTES
from services.common.database import DatabaseError
from services.common.deadline import DeadlineExceededError
from services.common.problem import ProblemError
from services.common.upstream import BreakerOpenError, UpstreamError, UpstreamTimeoutError

_log = logging.getLogger(__name__)


def create_app(
    service: str,
    version: str,
    *,
    checks: Mapping[str, health.Check] | None = None,
    trust_deadline: bool = True,
) -> Flask:
    """Return an app with health endpoints, observation and problem documents; views are added by the service.

    /readyz runs the `checks`; one that raises means "not ready". A public service trusts no caller's deadline.
    """
    app = Flask(service, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    app.url_map.strict_slashes = True
    app.register_blueprint(health.blueprint(service, version, checks or {}))
    observe.install(app, trust_deadline=trust_deadline)
    app.register_error_handler(ProblemError, ProblemError.response)
    app.register_error_handler(UpstreamError, _upstream)
    app.register_error_handler(DatabaseError, _database)
    app.register_error_handler(DeadlineExceededError, _deadline)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)
    return app


def breaker_open(error: BreakerOpenError) -> ProblemError:
    """Return the problem for a peer that is not being called."""
    wait = str(math.ceil(error.retry_after))
    return ProblemError(503, "upstream-unavailable", f"{error.upstream} is failing", headers={"Retry-After": wait})


def _upstream(error: UpstreamError) -> Response:
    if isinstance(error, BreakerOpenError):
        return breaker_open(error).response()
    if isinstance(error, UpstreamTimeoutError):
        return ProblemError(504, "upstream-timeout", f"{error.upstream} did not answer in time").response()
    return ProblemError(502, "upstream-error", f"{error.upstream} did not give a usable answer").response()


def _database(error: DatabaseError) -> Response:
    _log.error("database: %s", error, extra={"error_type": type(error).__name__})
    return ProblemError(
        503, "database-unavailable", "the database did not answer in time", headers={"Retry-After": "1"}
    ).response()


def _deadline(_error: DeadlineExceededError) -> Response:
    _log.error("deadline exceeded")
    return ProblemError(504, "deadline-exceeded", "the request's deadline passed").response()


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    kept = ("Allow", "Retry-After")
    headers = {name: value for name, value in error.get_headers() if name in kept}
    return problem.plain(status, error.description or "", headers=headers)


def _unexpected(error: Exception) -> Response:
    _log.error("unexpected error", exc_info=error)
    return problem.plain(500, "the service failed to handle the request")
