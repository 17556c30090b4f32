from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from uuid import UUID

import pytest

from services.common.problem import ProblemError
from services.payments.keys import Key, Reply
from services.payments.model import Payment, Refund
from services.payments.refund_repository import CANCEL, LOCK, RECORD, RESERVE, RESERVED, PostgresRefundStore
from services.payments.refunds import admit
from tests.support.fake_sql import FakeSql

PAYMENT = Payment(UUID(int=7), 1, 2, 1000, "EUR", "visa", "captured", datetime(2026, 1, 2, tzinfo=UTC))
REFUND_ID = UUID(int=8)


def test_reserving_locks_counts_and_inserts_in_one_transaction() -> None:
    sql = FakeSql({LOCK: [asdict(PAYMENT)], RESERVED: [{"reserved": 400}]})
    assert PostgresRefundStore(sql.database).reserve(REFUND_ID, PAYMENT.id, 600, admit) == PAYMENT
    assert sql.statements == [LOCK, RESERVED, RESERVE]
    assert sql.transactions == 1
    assert "FOR UPDATE" in LOCK.text
    assert sql.parameters(RESERVE)["amount_minor"] == 600


def test_what_is_not_admitted_is_not_inserted() -> None:
    sql = FakeSql({LOCK: [asdict(PAYMENT)], RESERVED: [{"reserved": 401}]})
    with pytest.raises(ProblemError):
        PostgresRefundStore(sql.database).reserve(REFUND_ID, PAYMENT.id, 600, admit)
    assert RESERVE not in sql.statements


def test_an_unknown_payment_reaches_admit_as_none() -> None:
    with pytest.raises(ProblemError, match="there is no payment"):
        PostgresRefundStore(FakeSql({}).database).reserve(REFUND_ID, PAYMENT.id, 600, admit)


def test_cancel() -> None:
    sql = FakeSql({})
    PostgresRefundStore(sql.database).cancel(REFUND_ID)
    assert sql.parameters(CANCEL) == {"id": REFUND_ID}


def test_recording_is_one_statement_with_event_and_answer() -> None:
    sql = FakeSql({})
    refund = Refund(REFUND_ID, PAYMENT, 600, datetime(2026, 1, 3, tzinfo=UTC), "acq_9")
    with PostgresRefundStore(sql.database).recording() as record:
        held = sql.sessions
        record(Key("r", "refund", "h"), refund, Reply(201, refund.document()))
    given = sql.parameters(RECORD)
    assert len(sql.sent) == held == sql.sessions == 1
    assert given["event"].obj["type"] == "payment.refunded"
    assert given["reference"] == "acq_9"
