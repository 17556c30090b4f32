"""The payments that a new merchant brings from another processor: a bulk load, and how to remove it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

COLUMNS = (
    "id, customer_id, merchant_id, amount_minor, currency, scheme, status, created_at, request_id, acquirer_reference"
)
CUSTOMERS = 50_000
OLDEST = timedelta(days=29)
NEWEST = timedelta(days=2)
"""The youngest payment's age. No job looks back so far: the former processor has reconciled and totalled them all."""

BATCH = 20_000
"""Rows per transaction. A single transaction for all rows would keep the host busy for seconds, and users waiting."""


@dataclass(frozen=True)
class MerchantImport:
    """`payments` rows of one merchant over the last month; their acquirer references all begin with `reference`."""

    merchant_id: int
    payments: int
    reference: str
    currency: str = "EUR"

    def lines(self, now: datetime) -> Iterator[str]:
        """Yield the rows as COPY reads them, oldest first; the same ones for the same moment."""
        rng = random.Random(self.reference)
        step = (OLDEST - NEWEST) / self.payments
        for number in range(self.payments):
            at = now - OLDEST + step * number
            yield "\t".join(str(each) for each in self._row(rng, number, at))

    def scripts(self, now: datetime) -> Iterator[str]:
        """Yield psql scripts that load the rows, one per batch, without checking keys: customers and merchant exist."""
        lines = self.lines(now)
        head = f"SET session_replication_role = replica;\nCOPY payments ({COLUMNS}) FROM STDIN;\n"
        while batch := list(islice(lines, BATCH)):
            yield head + "\n".join(batch) + "\n\\.\n"
        yield "ANALYZE payments;\n"

    @property
    def removal(self) -> str:
        """The psql script that deletes exactly these rows, with their refunds, and frees their space."""
        theirs = f"merchant_id = {self.merchant_id} AND acquirer_reference LIKE '{self.reference}%'"
        refunds = f"DELETE FROM refunds WHERE payment_id IN (SELECT id FROM payments WHERE {theirs});"  # noqa: S608
        payments = f"DELETE FROM payments WHERE {theirs};"  # noqa: S608 - a number and a name of ours
        return f"BEGIN;\n{refunds}\n{payments}\nCOMMIT;\nVACUUM (ANALYZE) payments;\n"

    def _row(self, rng: random.Random, number: int, at: datetime) -> tuple[object, ...]:
        # Version 7: ids in the order of time.
        stamp = int(at.timestamp() * 1000)
        payment_id = UUID(int=(stamp << 80) | (7 << 76) | (rng.getrandbits(12) << 64) | (2 << 62) | rng.getrandbits(62))
        amount = 100 + round(rng.lognormvariate(7.6, 0.7))
        scheme = "visa" if rng.random() < 0.6 else "mastercard"
        customer = rng.randrange(CUSTOMERS) + 1
        request = f"{rng.getrandbits(128):032x}"
        reference = f"{self.reference}{number:08d}"
        return (
            payment_id, customer, self.merchant_id, amount, self.currency, scheme, "captured", at.isoformat(), request,
            reference,
        )  # fmt: skip
