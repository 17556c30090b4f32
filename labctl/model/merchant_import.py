"""The payments that a new merchant brings from another processor: a bulk load, and how to remove it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

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
        bits, uniform, lognormal = rng.getrandbits, rng.random, rng.lognormvariate
        oldest = now - OLDEST
        first, step = oldest.timestamp(), (OLDEST - NEWEST) / self.payments
        step_s = step.total_seconds()
        # Hundreds of thousands of rows, and a learner waits: no object is made per column.
        for number in range(self.payments):
            # Version 7: ids in the order of time.
            half = f"{int((first + step_s * number) * 1000):012x}"
            own = f"{(2 << 62) | bits(62):016x}"
            yield (
                f"{half[:8]}-{half[8:]}-7{bits(12):03x}-{own[:4]}-{own[4:]}\t{int(uniform() * CUSTOMERS) + 1}\t"
                f"{self.merchant_id}\t{100 + round(lognormal(7.6, 0.7))}\t{self.currency}\t"
                f"{'visa' if uniform() < 0.6 else 'mastercard'}\tcaptured\t{(oldest + step * number).isoformat()}\t"
                f"{rng.randbytes(16).hex()}\t{self.reference}{number:08d}"
            )

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
