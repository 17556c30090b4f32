"""Answers by idempotency key: decided once, given again however often the key comes back."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MOST_KEYS = 10_000
"""A quarter of an hour at 20 requests/s: whoever sends a key again does so within seconds."""

DECLINE_CODES = ("do_not_honour", "insufficient_funds", "expired_card", "suspected_fraud")


class KeyReusedError(Exception):
    """The key came back with another body."""


@dataclass(frozen=True, slots=True)
class Decision:
    """`code` is "approved" or the reason of a decline; `reference` is the processor's own number of it."""

    approved: bool
    code: str
    reference: str


class Answers:
    """The latest `most` decisions by key. Thread-safe."""

    def __init__(self, most: int = MOST_KEYS) -> None:
        self._most = most
        self._known: OrderedDict[str, tuple[bytes, Decision]] = OrderedDict()
        self._lock = threading.Lock()

    def once(self, key: str, fingerprint: str, decide: Callable[[], Decision]) -> Decision:
        """Return the decision of `key`, made now if it is new; raises KeyReusedError for another body."""
        body = hashlib.blake2b(fingerprint.encode(errors="replace"), digest_size=16).digest()
        with self._lock:
            if key not in self._known:
                self._known[key] = (body, decide())
                if len(self._known) > self._most:
                    self._known.popitem(last=False)
            self._known.move_to_end(key)
            known, decision = self._known[key]
        if known != body:
            raise KeyReusedError(key)
        return decision


def authorise(key: str, token: str, decline_ratio: float) -> Decision:
    """Decide by the token alone: a card that is declined stays declined."""
    digest = hashlib.sha256(token.encode(errors="replace")).digest()
    declined = int.from_bytes(digest[:8]) / 2**64 < decline_ratio
    code = DECLINE_CODES[digest[8] % len(DECLINE_CODES)] if declined else "approved"
    return Decision(not declined, code, reference(key))


def suspicion(customer: str) -> float:
    """Return how suspicious the issuer finds a customer, from 0 to 1: always the same for the same one."""
    return int.from_bytes(hashlib.sha256(customer.encode(errors="replace")).digest()[:8]) / 2**64


def reference(key: str) -> str:
    """Return the processor's number for what was asked under `key`."""
    return "acq_" + hashlib.sha256(key.encode(errors="replace")).hexdigest()[:20]
