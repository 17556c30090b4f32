"""Payments in Postgres: recording and reading them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Protocol
from uuid import UUID

from psycopg.types.json import Jsonb

from services.common import deadline
from services.common.database import Database
from services.common.statement import Session, Statement
from services.payments.events import payment_event
from services.payments.figures import FIGURES, LATEST, SUMMARY_DAYS
from services.payments.keys import Key, Reply
from services.payments.model import Payment

COLUMNS = (
    "id, customer_id, merchant_id, amount_minor, currency, scheme, status, created_at, "
    "risk_score, request_id, acquirer_reference, decline_reason"
)

PARTIES = Statement(
    "SELECT customers merchants",
    """
    SELECT EXISTS (SELECT FROM customers WHERE id = %(customer_id)s) AS customer,
           EXISTS (SELECT FROM merchants WHERE id = %(merchant_id)s) AS merchant
    """,
)
# One statement, so that payment, event and answer are there together or not at all, in one round trip.
RECORD = Statement(
    "INSERT payments",
    f"""
    WITH payment AS (
      INSERT INTO payments ({COLUMNS})
      VALUES (%(id)s, %(customer_id)s, %(merchant_id)s, %(amount_minor)s, %(currency)s, %(scheme)s, %(status)s,
              %(created_at)s, %(risk_score)s, %(request_id)s, %(acquirer_reference)s, %(decline_reason)s)
      ON CONFLICT (id) DO NOTHING
      RETURNING id
    ), event AS (
      INSERT INTO outbox (event) SELECT %(event)s FROM payment
    )
    UPDATE idempotency_keys SET status = %(reply_status)s, response = %(reply_body)s
    WHERE key = %(key)s AND scope = %(scope)s AND status IS NULL
    """,  # noqa: S608  # the columns are ours
)
FIND = Statement(
    "SELECT payments",
    f"""
    SELECT {COLUMNS},
           (SELECT coalesce(sum(amount_minor), 0) FROM refunds
            WHERE payment_id = payments.id AND status = 'refunded')::bigint AS refunded_minor
    FROM payments WHERE id = %(id)s
    """,  # noqa: S608
)
# Keyset pagination on the index (merchant_id, created_at DESC, id DESC): every page costs the same.
HISTORY = Statement(
    "SELECT payments history",
    f"""
    SELECT {COLUMNS} FROM payments
    WHERE merchant_id = %(merchant_id)s AND (created_at, id) < (%(created_at)s, %(id)s)
    ORDER BY created_at DESC, id DESC
    LIMIT %(limit)s
    """,  # noqa: S608
)

Record = Callable[[Key, Payment, Reply], None]
"""Keep a payment, its event and the answer to its key: all or nothing, once per payment id."""


class PaymentStore(Protocol):
    """Where payments are kept; raises DatabaseError."""

    def parties(self, customer_id: int, merchant_id: int) -> dict[str, bool]:
        """Tell for "customer" and "merchant" whether they exist."""

    def recording(self) -> AbstractContextManager[Record]:
        """Have a connection at hand, and return what records by it."""

    def find(self, payment_id: UUID) -> tuple[Payment, int] | None:
        """Return a payment and how much of it was refunded."""

    def history(self, merchant_id: int, before: tuple[datetime, UUID], limit: int) -> list[Payment]:
        """Return at most `limit` payments of a merchant before a point, latest first."""

    def figures(self, merchant_id: int, seconds: float) -> dict[str, object]:
        """Return a merchant's FIGURES; raises QueryTimeoutError when they take the database longer than `seconds`."""


class PostgresPaymentStore:
    """Payments in the tables payments, outbox and idempotency_keys."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def parties(self, customer_id: int, merchant_id: int) -> dict[str, bool]:
        """Look both up by primary key."""
        with self._database.session() as session:
            row = session.row(PARTIES, {"customer_id": customer_id, "merchant_id": merchant_id})
        return {name: bool(exists) for name, exists in (row or {}).items()}

    @contextmanager
    def recording(self) -> Iterator[Record]:
        """Lend a connection to RECORD."""
        with self._database.session() as session:
            yield partial(_record, session)

    def find(self, payment_id: UUID) -> tuple[Payment, int] | None:
        """Run FIND."""
        with self._database.session() as session:
            row = session.row(FIND, {"id": payment_id})
        if row is None:
            return None
        refunded = row.pop("refunded_minor")
        return Payment(**row), refunded

    def history(self, merchant_id: int, before: tuple[datetime, UUID], limit: int) -> list[Payment]:
        """Run HISTORY."""
        created_at, payment_id = before
        parameters = {"merchant_id": merchant_id, "created_at": created_at, "id": payment_id, "limit": limit}
        with self._database.session() as session:
            return [Payment(**row) for row in session.rows(HISTORY, parameters)]

    def figures(self, merchant_id: int, seconds: float) -> dict[str, object]:
        """Run FIGURES."""
        parameters = {"merchant_id": merchant_id, "days": SUMMARY_DAYS, "latest": LATEST}
        with self._database.session() as session, session.limited(deadline.within(seconds)):
            return session.row(FIGURES, parameters) or {}


def _record(session: Session, key: Key, payment: Payment, reply: Reply) -> None:
    parameters = {
        **asdict(payment),
        "event": Jsonb(payment_event(payment)),
        "reply_status": reply.status,
        "reply_body": Jsonb(reply.body),
        "key": key.value,
        "scope": key.scope,
    }
    session.run(RECORD, parameters)
