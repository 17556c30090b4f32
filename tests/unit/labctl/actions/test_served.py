"""The table of served actions: each is marked, is described, and answers in one documented form."""

from __future__ import annotations

import inspect
import pkgutil
from importlib import import_module
from typing import get_type_hints

import pytest

import labctl.actions
from labctl.actions import answers, elsewhere, served, traces
from labctl.actions.answer import Answer
from labctl.actions.served import SERVED, Served
from labctl.room.api.parameters import model_of

every_row = pytest.mark.parametrize("row", SERVED, ids=lambda each: each.name)
HOST = {"up", "down", "setup", "verify", "doctor", "export", "heal", "drill", "errand", "room", "login", "journal"}
"""Modules whose actions touch the host, or what is sealed."""


@every_row
def test_each_is_marked_and_answers_in_one_form(row: Served) -> None:
    assert elsewhere.is_reachable(row.load())
    (answer,) = row.answers()
    assert issubclass(answer, Answer)
    assert inspect.getdoc(row.load())
    assert served.served(row.load()) is row


@every_row
def test_each_is_called_with_what_json_has_and_says_what(row: Served) -> None:
    model = model_of(row)
    assert {each.name for each in served.parameters(row)} == set(model.model_fields)
    assert all(field.description for field in model.model_fields.values())
    assert "folder" not in model.model_fields


def test_nothing_else_is_marked() -> None:
    marked = set()
    for module in pkgutil.iter_modules(labctl.actions.__path__):
        found = import_module(f"labctl.actions.{module.name}")
        own = (each for each in vars(found).values() if getattr(each, "__module__", "") == found.__name__)
        marked |= {f"{module.name}.{each.__name__}" for each in own if callable(each) and elsewhere.is_reachable(each)}
    assert marked == {row.function for row in SERVED}


def test_nothing_that_touches_the_host_is_served() -> None:
    assert not {row.function.partition(".")[0] for row in SERVED} & HOST
    assert len({row.name for row in SERVED}) == len(SERVED)


def test_arguments_go_flat_and_come_back_whole() -> None:
    row = served.served(traces.traces)
    given = {"name": "lab", "wanted": traces.TraceFilter("risk", min_ms=5.0), "limit": 3, "until": None}
    flat = served.flat(row, given)
    assert flat == {"service": "risk", "operation": "", "min_ms": 5.0, "errors": False, "limit": 3}


def test_what_a_command_prints_is_answered_in_the_same_form() -> None:
    printed = {each for found in answers.ANSWERS.values() for each in found}
    only_there = {row.name for row in SERVED if not set(row.answers()) & printed}
    assert only_there == {"paging", "evidence", "postmortem"}
    assert get_type_hints(SERVED[0].load())["return"] in printed
