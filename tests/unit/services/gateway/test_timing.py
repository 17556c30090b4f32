from __future__ import annotations

import re

from flask import Flask

from services.common.app import create_app
from services.gateway import admission, timing


def app(*, told: bool) -> Flask:
    made = Flask("gateway")
    timing.install(made, lambda: told)
    made.get("/")(lambda: "hello")
    return made


def test_an_answer_says_how_long_it_took() -> None:
    header = app(told=True).test_client().get("/").headers[timing.HEADER]
    assert re.fullmatch(r"total;dur=\d+\.\d", header)


def test_also_one_that_found_nothing() -> None:
    assert timing.HEADER in app(told=True).test_client().get("/nowhere").headers


def test_nothing_is_said_while_the_flag_is_off() -> None:
    assert timing.HEADER not in app(told=False).test_client().get("/").headers


def test_what_is_turned_away_before_it_begins_gets_its_refusal() -> None:
    shed = admission.Admission(shed_share=1, chance=lambda: 0.5)
    made = admission.install(create_app("gateway", "0"), shed)
    made.post(admission.CHECKOUTS)(lambda: "hello")
    timing.install(made, lambda: True)
    refused = made.test_client().post(admission.CHECKOUTS, json={})
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    assert refused.json
    assert refused.json["type"].endswith("shed")
