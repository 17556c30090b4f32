"""The HTTP interface of risk, for payments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, Response, jsonify
from opentelemetry import metrics

from services.common.app import create_app
from services.common.body import json_object
from services.common.health import Check
from services.common.process import Identity
from services.risk import requests
from services.risk.features import Features
from services.risk.requests import AssessmentRequest
from services.risk.scoring import assess

_decisions = metrics.get_meter("services").create_counter("risk.decisions", "{decision}", "Assessments by decision")


@dataclass(frozen=True)
class Parts:
    """What the view needs: where everything that is judged comes from, and what readiness asks."""

    features: Callable[[int], Features]
    merchant_country: Callable[[int], str | None]
    stranger: Callable[[AssessmentRequest], bool]
    suspicion: Callable[[AssessmentRequest, Features], float]
    checks: dict[str, Check]


def build(identity: Identity, parts: Parts) -> Flask:
    """Return the app."""
    app = create_app(identity.service, identity.version, checks=parts.checks)

    @app.post("/assessments")
    def assessments() -> Response:
        asked = requests.assessment(json_object())
        features = parts.features(asked.customer_id)
        result = assess(
            features,
            asked.amount_minor,
            parts.merchant_country(asked.merchant_id),
            stranger=parts.stranger(asked),
            suspicion=parts.suspicion(asked, features),
        )
        _decisions.add(1, {"decision": result.decision})
        return jsonify(decision=result.decision, score=result.score, reasons=result.reasons)

    return app
