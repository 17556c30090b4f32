"""The public API: checks everything about a request before it goes on to payments."""

from __future__ import annotations

import re

from flask import Flask, Response, request

from services.common import wire
from services.common.app import create_app
from services.common.body import json_object
from services.common.fields import is_uuid, path_integer
from services.common.problem import ProblemError
from services.common.process import Identity
from services.common.upstream import UpstreamError
from services.gateway.forward import Forwarder, failure

_CURSOR = re.compile(r"[A-Za-z0-9_-]{1,200}")


def build(identity: Identity, forward: Forwarder) -> Flask:
    """Return the app."""
    checks = {"payments": lambda: forward.payments.probe("/readyz")}
    app = create_app(identity.service, identity.version, checks=checks, trust_deadline=False)
    app.register_error_handler(UpstreamError, lambda error: failure(error).response())

    @app.post("/v1/checkouts")
    def checkouts() -> Response:
        key = _key()
        body = wire.checkout(json_object())
        return forward.write("/checkouts", "/checkouts", key, {**body})

    @app.get("/v1/payments/<payment_id>")
    def payment(payment_id: str) -> Response:
        return forward.read(f"/payments/{_payment_id(payment_id)}", "/payments/<payment_id>")

    @app.post("/v1/payments/<payment_id>/refunds")
    def refunds(payment_id: str) -> Response:
        path = f"/payments/{_payment_id(payment_id)}/refunds"
        key = _key()
        amount = wire.refund_amount(json_object())
        return forward.write(path, "/payments/<payment_id>/refunds", key, {"amount_minor": amount})

    @app.get("/v1/merchants/<merchant_id>/payments")
    def merchant_payments(merchant_id: str) -> Response:
        merchant = path_integer(merchant_id)
        if merchant is None:
            raise ProblemError(404, "merchant-not-found", "there is no merchant with this id")
        path = f"/merchants/{merchant}/payments"
        return forward.read(path, "/merchants/<merchant_id>/payments", _page())

    return app


def _key() -> str:
    return wire.idempotency_key(request.headers.get("Idempotency-Key"))


def _payment_id(value: str) -> str:
    if not is_uuid(value):
        raise ProblemError(404, "payment-not-found", "there is no payment with this id")
    return value.lower()


def _page() -> dict[str, str]:
    limit, before = request.args.get("limit"), request.args.get("before")
    page: dict[str, str] = {}
    if limit is not None:
        number = path_integer(limit, high=wire.LONGEST_PAGE)
        if number is None:
            raise ProblemError(400, "invalid-request", f"limit must be a whole number from 1 to {wire.LONGEST_PAGE}")
        page["limit"] = str(number)
    if before is not None:
        if not _CURSOR.fullmatch(before):
            raise ProblemError(400, "invalid-cursor", "`before` is not a cursor that we gave out")
        page["before"] = before
    return page
