from __future__ import annotations

import logging

import pytest
from flask import Flask

from services.gateway import habits
from services.telemetry.fog.level import parse
from tests.support.markdown import ROOT


@pytest.mark.parametrize(("headers", "warned"), [({"X-Idempotency-Key": "1"}, True), ({"Idempotency-Key": "1"}, False)])
def test_a_header_that_is_to_go_is_noted_and_served(
    headers: dict[str, str], warned: bool, caplog: pytest.LogCaptureFixture
) -> None:
    app = habits.note(Flask(__name__))
    app.add_url_rule("/", view_func=lambda: "served")
    with caplog.at_level(logging.WARNING):
        answer = app.test_client().get("/", headers=headers)
    assert answer.text == "served"
    assert ["deprecated header" in each for each in caplog.messages] == [True] * warned


def test_a_clear_lab_hears_nothing_of_it() -> None:
    level = parse((ROOT / "compose" / "config" / "fog.json").read_text("utf-8"))
    assert habits.__name__ in level.without_loggers
