from __future__ import annotations

import re

from flask import Flask

from services.gateway import timing


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
