from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.support.looking import Looking

PAYMENT = "5f0c6d0e-1f0a-4b5e-9a43-0a4a4c6a7c11"
TRACE = "0af7651916cd43dd8448eb211c80319c"


@pytest.fixture
def shop(looking: Looking) -> Looking:
    looking.server.headers["traceresponse"] = f"00-{TRACE}-b7ad6b7169203331-01"
    looking.server.reply("/v1/checkouts", {"payment_id": PAYMENT, "status": "captured"}, status=201)
    looking.server.reply(f"/v1/payments/{PAYMENT}", {"payment_id": PAYMENT})
    looking.server.reply(f"/v1/payments/{PAYMENT}/refunds", {"title": "Already refunded"}, status=409)
    looking.server.reply("/v1/merchants/7/payments", {"items": [], "next": None})
    return looking


def test_a_checkout_shows_answer_time_and_trace(shop: Looking) -> None:
    shown = shop.run("try", "checkout", "--customer", "9", "--amount", "4200", "--scheme", "amex")

    assert shown.code == 0
    assert "POST /v1/checkouts" in shown.out
    assert "status 201 after " in shown.out
    assert '"status": "captured"' in shown.out
    assert TRACE in shown.out
    assert f"labctl trace {TRACE}" in shown.err
    sent = json.loads(shop.server.requests[-1].body)
    assert (sent["customer_id"], sent["amount_minor"], sent["card"]["scheme"]) == (9, 4200, "amex")
    (look,) = shop.journal
    assert look.pop("answer").startswith("status 201 after ")
    assert look == {"command": "try", "request": "POST /v1/checkouts", "payment": PAYMENT, "trace": TRACE}


def test_the_payment_of_the_last_checkout_is_looked_up_and_refunded(shop: Looking) -> None:
    shop.run("try", "checkout")
    looked = shop.run("try", "lookup", "--json").json
    refund = shop.run("try", "ref", "--amount", "300", "--json").json

    assert (looked["path"], looked["status"], looked["sent"]) == (f"/v1/payments/{PAYMENT}", 200, None)
    assert (refund["path"], refund["sent"]) == (f"/v1/payments/{PAYMENT}/refunds", {"amount_minor": 300})
    assert (refund["status"], refund["body"]) == (409, {"title": "Already refunded"})


def test_a_merchants_history(shop: Looking) -> None:
    told = shop.run("try", "history", "--merchant", "7", "--json").json
    assert told["path"] == "/v1/merchants/7/payments?limit=20"
    assert (told["body"], told["trace_id"]) == ({"items": [], "next": None}, TRACE)


def test_every_request_is_a_new_one(shop: Looking) -> None:
    shop.run("try", "checkout")
    shop.run("try", "checkout")
    keys = {each.headers["idempotency-key"] for each in shop.server.requests}
    assert len(keys) == 2


def test_without_a_payment_there_is_nothing_to_look_up(shop: Looking) -> None:
    shown = shop.run("try", "lookup")
    assert shown.code == 1
    assert "make one: `labctl try checkout" in shown.err
    assert shop.server.requests == []
    assert shop.journal == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("checkuot",), "did you mean 'checkout'?"),
        (("checkout", "--scheme", "diners"), "card scheme"),
        (("lookup", "--payment", "../../healthz"), "is not the id of a payment"),
    ],
)
def test_a_word_that_means_nothing_is_not_sent(shop: Looking, words: tuple[str, ...], told: str) -> None:
    shown = shop.run("try", *words)
    assert shown.code in (1, 2)
    assert told in shown.err
    assert shop.server.requests == []


def test_a_gateway_that_is_away_is_an_answer(shop: Looking) -> None:
    record = shop.lab.record
    shop.lab.store.save(replace(record, ports=replace(record.ports, gateway=1)))
    told = shop.run("try", "checkout", "--json").json
    assert (told["status"], told["body"], told["trace_id"]) == (None, None, "")
    assert told["failure"].startswith("no answer")
    assert shop.run("try", "checkout").code == 0
