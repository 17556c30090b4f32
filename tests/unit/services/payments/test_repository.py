from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from uuid import UUID

from services.common import deadline
from services.payments.figures import FIGURES, LATEST, SUMMARY_DAYS
from services.payments.keys import Key, Reply
from services.payments.model import Payment
from services.payments.repository import FIND, HISTORY, PARTIES, RECORD, PostgresPaymentStore
from tests.support.fake_sql import FakeSql

PAYMENT = Payment(
    id=UUID(int=7),
    customer_id=1,
    merchant_id=2,
    amount_minor=1000,
    currency="EUR",
    scheme="visa",
    status="captured",
    created_at=datetime(2026, 1, 2, tzinfo=UTC),
)


def test_parties() -> None:
    sql = FakeSql({PARTIES: [{"customer": True, "merchant": False}]})
    assert PostgresPaymentStore(sql.database).parties(1, 2) == {"customer": True, "merchant": False}


def test_recording_is_one_statement_with_event_and_answer() -> None:
    sql = FakeSql({})
    reply = Reply(201, PAYMENT.document())
    with PostgresPaymentStore(sql.database).recording() as record:
        held = sql.sessions
        record(Key("k", "checkout", "h"), PAYMENT, reply)
    given = sql.parameters(RECORD)
    assert len(sql.sent) == held == sql.sessions == 1
    assert given["id"] == PAYMENT.id
    assert given["event"].obj["type"] == "payment.captured"
    assert (given["reply_status"], given["reply_body"].obj) == (201, PAYMENT.document())
    assert (given["key"], given["scope"]) == ("k", "checkout")


def test_find() -> None:
    store = PostgresPaymentStore(FakeSql({FIND: [{**asdict(PAYMENT), "refunded_minor": 300}]}).database)
    assert store.find(PAYMENT.id) == (PAYMENT, 300)
    assert PostgresPaymentStore(FakeSql({}).database).find(PAYMENT.id) is None


def test_history_is_one_query() -> None:
    sql = FakeSql({HISTORY: [asdict(PAYMENT)]})
    before = (datetime(2026, 1, 3, tzinfo=UTC), UUID(int=9))
    assert PostgresPaymentStore(sql.database).history(2, before, 21) == [PAYMENT]
    assert sql.sent == [
        (HISTORY, {"merchant_id": 2, "created_at": before[0], "id": before[1], "limit": 21}),
    ]


def test_figures_are_one_query_within_the_limit() -> None:
    found = {"summary": [{"currency": "EUR", "payments": 3, "amount_minor": 900}], "declined": {"visa": 1}}
    sql = FakeSql({FIGURES: [found]})
    assert PostgresPaymentStore(sql.database).figures(2, 0.05) == found
    assert sql.sent == [(FIGURES, {"merchant_id": 2, "days": SUMMARY_DAYS, "latest": LATEST})]
    assert (sql.sessions, sql.limits) == (1, [0.05])


def test_figures_have_no_longer_than_the_request() -> None:
    sql = FakeSql({FIGURES: [{"summary": []}]})
    with deadline.limit(0):
        PostgresPaymentStore(sql.database).figures(2, 0.05)
    assert sql.limits == [0.0]


def test_nothing_but_the_figures_has_a_limit_of_its_own() -> None:
    sql = FakeSql({})
    store = PostgresPaymentStore(sql.database)
    store.parties(1, 2)
    store.find(PAYMENT.id)
    store.history(2, (PAYMENT.created_at, PAYMENT.id), 21)
    assert sql.limits == []
