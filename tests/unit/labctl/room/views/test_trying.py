from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.room_telemetry import PAYMENT
from tests.support.room_world import Browser

TRACE = f"{1:032x}"


def test_a_request_is_sent_and_its_answer_shown(browser: Browser) -> None:
    found = browser.post("/try", {"kind": "checkout", "customer": "9", "amount": "4200", "scheme": "amex"})
    assert found.status_code == 200
    assert "Status 201 after" in found.text
    assert PAYMENT in found.text
    assert f'href="/room/lab/traces/{TRACE}"' in found.text
    assert "&#34;customer_id&#34;: 9" in found.text
    assert browser.looked_up == ["try"]
    assert found.headers["X-Look-Up"] == "1"


def test_earlier_ones_are_listed_with_their_traces(browser: Browser) -> None:
    browser.post("/try", {"kind": "checkout"})
    text = browser.get("/try").text
    assert "<code>POST /v1/checkouts</code> status 201 after" in text
    assert text.count(f'href="/room/lab/traces/{TRACE}"') == 1
    assert browser.looked_up == ["try"]


@pytest.mark.parametrize(
    "form",
    [
        {"kind": "checkout", "amount": "many"},
        {"kind": "checkout", "amount": "9" * 12},
        {"kind": "lookup", "payment": "<img src=x onerror=alert(1)>"},
    ],
)
def test_what_can_not_be_is_refused_and_stays_in_the_form(browser: Browser, form: dict[str, str]) -> None:
    found = browser.post("/try", form)
    assert found.status_code == 422
    assert 'class="problem"' in found.text
    assert "<img" not in found.text
    assert browser.looked_up == []


@pytest.mark.parametrize("form", [{"kind": "<b>"}, {"kind": "checkout", "scheme": "<b>"}])
def test_an_unknown_request_or_card_is_not_found(browser: Browser, form: dict[str, str]) -> None:
    found = browser.post("/try", form)
    assert found.status_code == 404
    assert "&lt;b&gt;" in found.text


def test_an_answer_is_text_and_not_endless(browser: Browser) -> None:
    browser.server.reply("/v1/checkouts", "<script>alert(1)</script>" + "x" * 90_000)
    text = browser.post("/try", {"kind": "checkout"}).text
    assert "&lt;script&gt;alert(1)" in text
    assert len(text) < 30_000


def test_no_answer_is_an_answer(browser: Browser) -> None:
    lab = browser.lab
    lab.store.save(replace(lab.record, ports=replace(lab.record.ports, gateway=9)))
    found = browser.post("/try", {"kind": "checkout"})
    assert "no answer" in found.text
