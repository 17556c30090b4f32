"""The HTTP interface of payments, for the gateway."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn
from uuid import UUID

from flask import Flask, Response, jsonify, request

from services.common import wire
from services.common.app import create_app
from services.common.body import json_object
from services.common.fields import is_uuid, path_integer
from services.common.health import Check
from services.common.problem import ProblemError
from services.common.process import Identity
from services.payments import history, requests
from services.payments.checkout import Checkouts
from services.payments.figures import Patience
from services.payments.keys import Reply
from services.payments.refunds import Refunds
from services.payments.repository import PaymentStore

PAGE = 20


@dataclass(frozen=True)
class Parts:
    """What the views need."""

    checkouts: Checkouts
    refunds: Refunds
    payments: PaymentStore
    patience: Patience
    checks: dict[str, Check]


def build(identity: Identity, parts: Parts) -> Flask:
    """Return the app."""
    app = create_app(identity.service, identity.version, checks=parts.checks)

    @app.post("/checkouts")
    def checkouts() -> Response:
        key = wire.idempotency_key(request.headers.get("Idempotency-Key"))
        return _answer(parts.checkouts.pay(key, requests.checkout(json_object())))

    @app.get("/payments/<payment_id>")
    def payment(payment_id: str) -> Response:
        found = parts.payments.find(_payment_id(payment_id))
        if found is None:
            _no_payment()
        return jsonify({**found[0].document(), "refunded_minor": found[1]})

    @app.post("/payments/<payment_id>/refunds")
    def refunds(payment_id: str) -> Response:
        key = wire.idempotency_key(request.headers.get("Idempotency-Key"))
        amount = wire.refund_amount(json_object())
        return _answer(parts.refunds.refund(key, _payment_id(payment_id), amount))

    @app.get("/merchants/<merchant_id>/payments")
    def merchant_payments(merchant_id: str) -> Response:
        merchant = path_integer(merchant_id)
        if merchant is None:
            raise ProblemError(404, "merchant-not-found", "a merchant's id is a positive whole number")
        before = request.args.get("before")
        return jsonify(history.page(parts.payments, merchant, before, _limit(), parts.patience))

    return app


def _answer(reply: Reply) -> Response:
    response = jsonify(reply.body)
    response.status_code = reply.status
    if reply.replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return response


def _payment_id(value: str) -> UUID:
    if not is_uuid(value):
        _no_payment()
    return UUID(value)


def _limit() -> int:
    value = path_integer(request.args.get("limit", str(PAGE)), high=wire.LONGEST_PAGE)
    if value is None:
        raise ProblemError(400, "invalid-request", f"limit must be a whole number from 1 to {wire.LONGEST_PAGE}")
    return value


def _no_payment() -> NoReturn:
    raise ProblemError(404, "payment-not-found", "there is no payment with this id")
