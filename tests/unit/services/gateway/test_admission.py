"""What is turned away at the gateway's door, over the app's own views."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, Response, jsonify
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from services.common.app import create_app
from services.common.body import json_object
from services.common.settings import SettingError, Settings
from services.gateway.admission import Admission, from_settings, install

BODY: dict[str, Any] = {"customer_id": 7, "merchant_id": 2, "card": {"scheme": "amex", "token": "tok"}}
HISTORY = "/v1/merchants/2/payments"


def app(admission: Admission) -> Flask:
    made = create_app("gateway", "0")

    @made.post("/v1/checkouts")
    def checkouts() -> Response:
        return jsonify(seen=json_object())

    @made.get("/v1/merchants/<merchant_id>/payments")
    def history(merchant_id: str) -> Response:
        return jsonify(merchant=merchant_id)

    return install(made, admission)


def ask(admission: Admission, body: object = BODY) -> TestResponse:
    return app(admission).test_client().post("/v1/checkouts", json=body)


def test_without_rules_nothing_is_added() -> None:
    made = from_settings(Settings({"SHED_CHECKOUTS": "0", "BLOCKED_MERCHANTS": "", "BLOCKED_SCHEMES": ""}))
    assert made.idle
    before = create_app("gateway", "0").before_request_funcs
    assert len(app(made).before_request_funcs[None]) == len(before[None])


def test_a_share_of_the_checkouts_is_shed_as_our_failure_and_nothing_else() -> None:
    chances = iter((0.1, 0.3, 0.1))
    admission = Admission(shed_share=0.25, chance=lambda: next(chances))
    shed = ask(admission)
    assert (shed.status_code, shed.headers["Retry-After"]) == (503, "5")
    assert ask(admission).json == {"seen": BODY}
    assert app(admission).test_client().get(HISTORY).status_code == 200


@pytest.mark.parametrize(
    "rules", [{"merchants": frozenset({2})}, {"customers": frozenset({7})}, {"schemes": frozenset({"amex"})}]
)
def test_what_is_blocked_is_refused_as_our_decision(rules: dict[str, Any]) -> None:
    refused = ask(Admission(**rules))
    assert refused.status_code == 403
    assert refused.json is not None
    assert refused.json["type"].endswith("-blocked")


def test_a_blocked_merchant_gets_no_history_and_the_others_do() -> None:
    client = app(Admission(merchants=frozenset({2}))).test_client()
    assert client.get(HISTORY).status_code == 403
    assert client.get("/v1/merchants/3/payments").status_code == 200
    assert client.get("/v1/merchants/two/payments").status_code == 200


def test_the_view_still_reads_the_body_of_who_is_let_in() -> None:
    assert ask(Admission(customers=frozenset({8}))).json == {"seen": BODY}


def test_what_is_malformed_is_refused_as_ever() -> None:
    client = app(Admission(customers=frozenset({8}))).test_client()
    assert client.post("/v1/checkouts", data="{", content_type="application/json").status_code == 400
    assert client.post("/v1/checkouts", data="{}").status_code == 415
    assert ask(Admission(customers=frozenset({8})), {"customer_id": [8], "card": 3}).status_code == 200


@given(st.dictionaries(st.sampled_from(["customer_id", "merchant_id", "card", "x"]), st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)))  # fmt: skip
def test_no_body_breaks_it(body: dict[str, Any]) -> None:
    rules = Admission(merchants=frozenset({2}), customers=frozenset({7}), schemes=frozenset({"amex"}))
    assert ask(rules, body).status_code in (200, 403)


def test_the_settings_say_what_is_turned_away() -> None:
    lists = {"BLOCKED_MERCHANTS": "2, 3", "BLOCKED_CUSTOMERS": "7", "BLOCKED_SCHEMES": "amex"}
    made = from_settings(Settings({"SHED_CHECKOUTS": "0.5", **lists}))
    assert (made.shed_share, made.merchants, made.customers) == (0.5, frozenset({2, 3}), frozenset({7}))
    assert made.schemes == frozenset({"amex"})


@pytest.mark.parametrize("env", [{"SHED_CHECKOUTS": "2"}, {"BLOCKED_MERCHANTS": "two"}, {"BLOCKED_SCHEMES": "amax"}])
def test_a_setting_that_makes_no_sense_stops_the_start(env: dict[str, str]) -> None:
    with pytest.raises(SettingError, match=next(iter(env))):
        from_settings(Settings(env))
