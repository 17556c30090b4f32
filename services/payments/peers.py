"""The two services that payments calls: risk (ours) and the acquirer (not ours)."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from opentelemetry import metrics

from services.common.http_client import ServiceClient
from services.common.upstream import Answer, UpstreamFailedError
from services.payments.model import Assessment, Authorisation, Checkout, Payment

DECISIONS = frozenset({"approve", "review", "decline"})

_authorisations = metrics.get_meter("services").create_counter(
    "payments.authorisations", "{authorisation}", "Authorisations asked for, by card scheme and outcome"
)


class Risk(Protocol):
    """Assesses checkouts; raises UpstreamError."""

    def assess(self, checkout: Checkout) -> Assessment:
        """Return the assessment."""


class Acquirer(Protocol):
    """Moves money; the id is the idempotency key. Raises UpstreamError."""

    def authorise(self, payment_id: UUID, checkout: Checkout) -> Authorisation:
        """Charge the card."""

    def refund(self, refund_id: UUID, payment: Payment, amount_minor: int) -> Authorisation:
        """Give money back."""


class RiskClient:
    """The risk service. Assessing changes nothing, so that it may be asked again."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    def assess(self, checkout: Checkout) -> Assessment:
        """POST /assessments."""
        body = {
            "customer_id": checkout.customer_id,
            "merchant_id": checkout.merchant_id,
            "amount_minor": checkout.amount_minor,
            "currency": checkout.currency,
        }
        answer = self._client.post("/assessments", body, idempotent=True)
        decision, score = answer.body.get("decision"), answer.body.get("score")
        if not answer.ok or decision not in DECISIONS or not isinstance(score, int | float):
            raise _unusable(self._client, answer)
        return Assessment(str(decision), float(score))


class AcquirerClient:
    """The card processor. It does the work of an idempotency key once, so that it may be asked again."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    def authorise(self, payment_id: UUID, checkout: Checkout) -> Authorisation:
        """POST /authorisations."""
        body = {
            "payment_id": str(payment_id),
            "amount_minor": checkout.amount_minor,
            "currency": checkout.currency,
            "scheme": checkout.scheme,
            "token": checkout.token,
        }
        outcome = "failed"
        try:
            authorisation = self._post("/authorisations", body, payment_id)
            outcome = "approved" if authorisation.approved else "declined"
            return authorisation
        finally:
            _authorisations.add(1, {"card.scheme": checkout.scheme, "outcome": outcome})

    def refund(self, refund_id: UUID, payment: Payment, amount_minor: int) -> Authorisation:
        """POST /refunds."""
        body = {
            "payment_id": str(payment.id),
            "refund_id": str(refund_id),
            "amount_minor": amount_minor,
            "currency": payment.currency,
        }
        return self._post("/refunds", body, refund_id)

    def _post(self, path: str, body: dict[str, object], key: UUID) -> Authorisation:
        answer = self._client.post(path, body, headers={"Idempotency-Key": str(key)}, idempotent=True)
        approved, code = answer.body.get("approved"), answer.body.get("code")
        if not answer.ok or not isinstance(approved, bool):
            raise _unusable(self._client, answer)
        return Authorisation(approved, str(code), str(answer.body.get("reference", "")))


def _unusable(client: ServiceClient, answer: Answer) -> UpstreamFailedError:
    return UpstreamFailedError(client.name, answer.status, f"answered {answer.status} with an unusable body")
