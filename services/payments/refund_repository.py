"""Refunds in Postgres."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Protocol
from uuid import UUID

from psycopg.types.json import Jsonb

from services.common import request_context
from services.common.database import Database
from services.common.statement import Session, Statement
from services.payments.events import refund_event
from services.payments.keys import Key, Reply
from services.payments.model import Payment, Refund
from services.payments.repository import COLUMNS

Admit = Callable[[Payment | None, int, int], Payment]

LOCK = Statement(
    "SELECT payments FOR UPDATE",
    f"SELECT {COLUMNS} FROM payments WHERE id = %(payment_id)s FOR UPDATE",  # noqa: S608  # the columns are ours
)
RESERVED = Statement(
    "SELECT refunds",
    """
    SELECT coalesce(sum(amount_minor), 0)::bigint AS reserved FROM refunds
    WHERE payment_id = %(payment_id)s AND id <> %(id)s AND status <> 'failed'
    """,
)
RESERVE = Statement(
    "INSERT refunds",
    """
    INSERT INTO refunds (id, payment_id, amount_minor, status, request_id)
    VALUES (%(id)s, %(payment_id)s, %(amount_minor)s, 'pending', %(request_id)s)
    ON CONFLICT (id) DO UPDATE SET status = 'pending' WHERE refunds.status = 'failed'
    """,
)
CANCEL = Statement("UPDATE refunds", "UPDATE refunds SET status = 'failed' WHERE id = %(id)s AND status = 'pending'")
RECORD = Statement(
    "UPDATE refunds",
    """
    WITH refund AS (
      UPDATE refunds SET status = 'refunded', acquirer_reference = %(reference)s, created_at = %(created_at)s
      WHERE id = %(id)s AND status = 'pending'
      RETURNING id
    ), event AS (
      INSERT INTO outbox (event) SELECT %(event)s FROM refund
    )
    UPDATE idempotency_keys SET status = %(reply_status)s, response = %(reply_body)s
    WHERE key = %(key)s AND scope = %(scope)s AND status IS NULL
    """,
)


Record = Callable[[Key, Refund, Reply], None]
"""Keep a refund, its event and the answer to its key: all or nothing, once per refund id."""


class RefundStore(Protocol):
    """Where refunds are kept; raises DatabaseError."""

    def reserve(self, refund_id: UUID, payment_id: UUID, amount_minor: int, admit: Admit) -> Payment:
        """Reserve an amount unless `admit` (payment, what its other refunds reserve, amount) raises."""

    def cancel(self, refund_id: UUID) -> None:
        """Free the reserved amount."""

    def recording(self) -> AbstractContextManager[Record]:
        """Take a connection, and return the function that records a refund by it."""


class PostgresRefundStore:
    """Refunds in the tables refunds, outbox and idempotency_keys."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def reserve(self, refund_id: UUID, payment_id: UUID, amount_minor: int, admit: Admit) -> Payment:
        """Lock the payment's row, so that two refunds of it are counted one after the other."""
        names = {"id": refund_id, "payment_id": payment_id}
        with self._database.transaction() as session:
            row = session.row(LOCK, names)
            reserved = session.row(RESERVED, names) or {"reserved": 0}
            payment = admit(Payment(**row) if row else None, reserved["reserved"], amount_minor)
            session.run(
                RESERVE, {**names, "amount_minor": amount_minor, "request_id": request_context.current() or None}
            )
        return payment

    def cancel(self, refund_id: UUID) -> None:
        """Run CANCEL."""
        with self._database.session() as session:
            session.run(CANCEL, {"id": refund_id})

    @contextmanager
    def recording(self) -> Iterator[Record]:
        """Lend a connection to RECORD."""
        with self._database.session() as session:
            yield partial(_record, session)


def _record(session: Session, key: Key, refund: Refund, reply: Reply) -> None:
    parameters = {
        "id": refund.id,
        "reference": refund.acquirer_reference,
        "created_at": refund.created_at,
        "event": Jsonb(refund_event(refund)),
        "reply_status": reply.status,
        "reply_body": Jsonb(reply.body),
        "key": key.value,
        "scope": key.scope,
    }
    session.run(RECORD, parameters)
