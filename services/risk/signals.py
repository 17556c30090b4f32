"""What the card's issuer knows of a customer whom we hardly know: we ask at every payment, through the processor."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from services.common.http_client import ServiceClient
from services.common.upstream import UpstreamError
from services.risk.features import Features
from services.risk.requests import AssessmentRequest

_log = logging.getLogger(__name__)


class IssuerSignals:
    """Asks about customers with fewer than `known_from` payments, at most `at_once` at the same time.

    When the issuer does not answer, the payment is assessed without it.
    """

    def __init__(
        self, client: ServiceClient, *, known_from: int, at_once: int, enabled: Callable[[], bool] = lambda: True
    ) -> None:
        self._client = client
        self._known_from = known_from
        self._enabled = enabled
        self._free = threading.BoundedSemaphore(at_once)

    def suspicion(self, asked: AssessmentRequest, features: Features) -> float:
        """Return how suspicious the issuer finds the customer, 0 to 1; 0 when it isn't asked or doesn't say."""
        if features.payments >= self._known_from or not self._enabled() or not self._free.acquire(blocking=False):
            return 0.0
        try:
            return self._ask(asked)
        except UpstreamError:
            _log.warning("assessed without the issuer's signals", extra={"customer_id": asked.customer_id})
            return 0.0
        finally:
            self._free.release()

    def _ask(self, asked: AssessmentRequest) -> float:
        body = {
            "customer": f"cus_{asked.customer_id}",
            "amount_minor": asked.amount_minor,
            "currency": asked.currency,
        }
        given = self._client.post("/signals", body).body.get("suspicion")
        return float(given) if isinstance(given, int | float) else 0.0
