from __future__ import annotations

import pytest

from services.common.database import DatabaseUnavailableError
from services.ledger.books import BOOK, Books
from services.ledger.events import parse
from tests.support.fake_database import FakeDatabase
from tests.support.ledger_examples import fields


def test_an_event_is_booked_in_one_statement() -> None:
    database = FakeDatabase({BOOK.summary: 3})
    event = parse(fields())
    assert Books(database).book(event) is True
    ((summary, parameters),) = database.lent.asked
    assert summary == "INSERT ledger_entries"
    assert parameters["event_id"] == event.event_id
    assert parameters["accounts"] == ["acquirer:EUR", "merchant:5:EUR", "fees:EUR"]
    assert parameters["directions"] == ["debit", "credit", "credit"]
    assert parameters["amounts"] == [1000, 966, 34]
    assert parameters["request_id"] == "r-1"


def test_an_event_that_was_booked_before_changes_nothing() -> None:
    assert Books(FakeDatabase({BOOK.summary: 0})).book(parse(fields())) is False


def test_a_database_that_is_away_is_told() -> None:
    with pytest.raises(DatabaseUnavailableError):
        Books(FakeDatabase({BOOK.summary: DatabaseUnavailableError("away")})).book(parse(fields()))


def test_balances_follow_from_what_was_booked_only() -> None:
    assert "ON CONFLICT (event_id, account) DO NOTHING" in BOOK.text
    assert "FROM booked ORDER BY account" in BOOK.text
