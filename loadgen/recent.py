"""The payments that this load has made lately: what people look up and ask money back for."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Payment:
    """A payment as its checkout was answered; the amount in minor units."""

    id: str
    amount_minor: int
    captured: bool


class RecentPayments:
    """The last `size` payments; the oldest make room for new ones."""

    def __init__(self, size: int = 500) -> None:
        self._size = size
        self._by_id: dict[str, Payment] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    def add(self, payment: Payment) -> None:
        """Remember a payment."""
        self._by_id[payment.id] = payment
        if len(self._by_id) > self._size:
            del self._by_id[next(iter(self._by_id))]

    def pick(self, rng: random.Random) -> Payment | None:
        """Draw one; None when there is none yet."""
        return rng.choice(list(self._by_id.values())) if self._by_id else None

    def take_captured(self, rng: random.Random) -> Payment | None:
        """Draw a captured one and forget it, since it is refunded once; None when there is none."""
        captured = [payment for payment in self._by_id.values() if payment.captured]
        return self._by_id.pop(rng.choice(captured).id) if captured else None

    def forget(self, payment_id: str) -> None:
        """Drop a payment that the gateway no longer finds."""
        self._by_id.pop(payment_id, None)
