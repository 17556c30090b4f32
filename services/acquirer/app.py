"""The processor's HTTP interface."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, jsonify, request

from services.acquirer.answers import Answers, Decision, KeyReusedError, authorise, reference
from services.acquirer.latency import Latency
from services.common.app import create_app
from services.common.body import json_object
from services.common.problem import ProblemError
from services.common.process import Identity
from services.common.settings import Settings


@dataclass(frozen=True)
class Processor:
    """How it behaves: its latency, and the shares of failing calls and of declined cards."""

    latency: Latency
    error_ratio: float
    decline_ratio: float
    chance: Callable[[], float] = field(default=random.random, repr=False)
    answers: Answers = field(default_factory=Answers)

    @classmethod
    def from_settings(cls, settings: Settings) -> Processor:
        """Read LATENCY_*, ERROR_RATIO and DECLINE_RATIO."""
        return cls(
            latency=Latency.from_settings(settings),
            error_ratio=settings.ratio("ERROR_RATIO", 0.001),
            decline_ratio=settings.ratio("DECLINE_RATIO", 0.03),
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


def build(identity: Identity, processor: Processor) -> Flask:
    """Return the processor's app."""
    app = create_app(identity.service, identity.version, trust_deadline=False)

    @app.post("/authorisations")
    def authorisations() -> Response:
        body = json_object()
        token = body.get("token")
        if not isinstance(token, str) or not token:
            raise ProblemError(400, "invalid-request", "token must be a text")
        return processor.answer(body, lambda key: authorise(key, token, processor.decline_ratio))

    @app.post("/refunds")
    def refunds() -> Response:
        return processor.answer(json_object(), lambda key: Decision(True, "approved", reference(key)))

    return app
