"""The processor's HTTP interface."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, jsonify, request

from services.acquirer.answers import Answers, Decision, KeyReusedError, authorise, reference, suspicion
from services.acquirer.latency import Latency
from services.common.app import create_app
from services.common.body import json_object
from services.common.problem import ProblemError
from services.common.process import Identity
from services.common.settings import Settings


@dataclass(frozen=True)
class Processor:
    """How it behaves: its latency, the shares of failing calls and of declined cards, the schemes it won't take."""

    latency: Latency
    error_ratio: float
    decline_ratio: float
    signals: Latency
    """How long a card's issuer takes to tell what it knows of a customer."""
    refused_schemes: frozenset[str] = frozenset()
    chance: Callable[[], float] = field(default=random.random, repr=False)
    answers: Answers = field(default_factory=Answers)

    @classmethod
    def from_settings(cls, settings: Settings) -> Processor:
        """Read LATENCY_*, DETOUR_*, SIGNALS_*, ERROR_RATIO, DECLINE_RATIO and REFUSED_SCHEMES (separated by commas)."""
        return cls(
            latency=Latency.from_settings(settings),
            error_ratio=settings.ratio("ERROR_RATIO", 0.001),
            decline_ratio=settings.ratio("DECLINE_RATIO", 0.03),
            signals=Latency(
                median=settings.milliseconds("SIGNALS_MEDIAN_MS", 40),
                sigma=settings.number("SIGNALS_SIGMA", 0.12, high=5.0),
                longest=settings.milliseconds("LATENCY_MAX_MS", 2000),
            ),
            refused_schemes=frozenset(each for each in settings.text("REFUSED_SCHEMES", "").split(",") if each),
        )

    def answer(self, body: dict[str, Any], decide: Callable[[str], Decision]) -> Response:
        """Answer the current request after a while; what is decided for a key stays decided if we then fail."""
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            raise ProblemError(400, "idempotency-key-required", "send an Idempotency-Key")
        fingerprint = json.dumps([request.path, body], sort_keys=True)
        try:
            decision = self.answers.once(key, fingerprint, lambda: decide(key))
        except KeyReusedError as error:
            raise ProblemError(422, "idempotency-key-reused", "the key was used with another body") from error
        self.latency.wait()
        if self.chance() < self.error_ratio:
            raise ProblemError(503, "processor-busy", "try again", headers={"Retry-After": "1"})
        return jsonify(approved=decision.approved, code=decision.code, reference=decision.reference)


def build(identity: Identity, processor: Callable[[], Processor]) -> Flask:
    """Return the processor's app; `processor` says how it behaves at each call."""
    app = create_app(identity.service, identity.version, trust_deadline=False)

    @app.post("/authorisations")
    def authorisations() -> Response:
        body = json_object()
        token = body.get("token")
        if not isinstance(token, str) or not token:
            raise ProblemError(400, "invalid-request", "token must be a text")
        now = processor()
        if body.get("scheme") in now.refused_schemes:
            now.latency.wait()
            raise ProblemError(403, "scheme-not-enabled", "the account is not enabled for this card scheme")
        return now.answer(body, lambda key: authorise(key, token, now.decline_ratio))

    @app.post("/refunds")
    def refunds() -> Response:
        return processor().answer(json_object(), lambda key: Decision(True, "approved", reference(key)))

    @app.post("/signals")
    def signals() -> Response:
        customer = json_object().get("customer")
        if not isinstance(customer, str) or not customer:
            raise ProblemError(400, "invalid-request", "customer must be a text")
        processor().signals.wait()
        return jsonify(suspicion=suspicion(customer))

    return app
