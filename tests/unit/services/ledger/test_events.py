from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ledger.events import MalformedEventError, PaymentEvent, parse
from tests.support.ledger_examples import fields


def test_a_capture_is_read() -> None:
    record = fields()
    assert parse(record) == PaymentEvent(
        event_id=UUID(record["event_id"]),
        kind="payment.captured",
        payment_id=UUID(record["payment_id"]),
        merchant_id=5,
        amount_minor=1000,
        currency="EUR",
        request_id="r-1",
    )


@pytest.mark.parametrize(
    ("kind", "moves"), [("payment.captured", True), ("payment.refunded", True), ("payment.declined", False)]
)
def test_what_moves_money(kind: str, moves: bool) -> None:
    assert parse(fields(type=kind)).moves_money is moves


@pytest.mark.parametrize("record", [fields(request_id=""), {k: v for k, v in fields().items() if k != "request_id"}])
def test_an_event_without_a_request_is_read(record: dict[str, str]) -> None:
    assert parse(record).request_id is None


def test_more_fields_do_no_harm() -> None:
    assert parse(fields(refund_id="r", colour="red")).amount_minor == 1000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("type", ""),
        ("type", "payment.exploded"),
        ("event_id", "7"),
        ("payment_id", ""),
        ("merchant_id", "0"),
        ("merchant_id", "-1"),
        ("merchant_id", "2147483648"),
        ("amount_minor", "0"),
        ("amount_minor", "1.5"),
        ("amount_minor", "1e3"),
        ("amount_minor", "٣"),
        ("amount_minor", "9" * 5000),
        ("currency", "euro"),
        ("currency", "eur"),
        ("currency", "€€€"),
    ],
)
def test_a_malformed_field_is_named(name: str, value: str) -> None:
    with pytest.raises(MalformedEventError, match=f"^{name}:"):
        parse(fields(**{name: value}))


@pytest.mark.parametrize("name", ["type", "event_id", "payment_id", "merchant_id", "amount_minor", "currency"])
def test_a_missing_field_is_named(name: str) -> None:
    record = fields()
    del record[name]
    with pytest.raises(MalformedEventError, match=f"^{name}: missing"):
        parse(record)


@given(st.dictionaries(st.sampled_from(sorted(fields())), st.text()))
def test_whatever_comes_is_an_event_or_malformed(changes: dict[str, str]) -> None:
    try:
        event = parse({**fields(), **changes})
    except MalformedEventError:
        return
    assert event.amount_minor > 0
