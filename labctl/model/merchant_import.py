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

REMOVED_AT_ONCE = 1_000
# Newest first, each batch from where the last one ended: to begin anew would walk over all rows deleted so far.
_REMOVAL = """DO $$
DECLARE
    upto timestamptz := 'infinity';
    began timestamptz;
BEGIN
    LOOP
        began := clock_timestamp();
        WITH batch AS MATERIALIZED (
            SELECT id, created_at FROM payments
            WHERE merchant_id = {merchant} AND acquirer_reference LIKE '{reference}%' AND created_at <= upto
            ORDER BY created_at DESC LIMIT {batch}
        ), refunded AS (
DELETE FROM refunds USING batch WHERE payment_id = batch.id
        ), gone AS (
DELETE FROM payments USING batch WHERE payments.id = batch.id
        )
        SELECT min(created_at) INTO upto FROM batch;
        EXIT WHEN upto IS NULL;
        COMMIT;
        PERFORM pg_sleep(extract(epoch FROM clock_timestamp() - began));
    END LOOP;
END $$;
SET vacuum_cost_delay = '2ms';
VACUUM (ANALYZE) payments;
"""


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
        """The psql script that deletes exactly these rows, with their refunds, and frees their space.

        It can be cut short and run again. It works half of the time only: users share the server.
        """
        return _REMOVAL.format(merchant=self.merchant_id, reference=self.reference, batch=REMOVED_AT_ONCE)

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
