from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labctl.actions.answer import moment
from labctl.actions.exemplars import MOST, exemplars
from labctl.actions.metrics import Curves
from labctl.base.errors import LookupFailedError
from tests.support.http_server import serving
from tests.support.looking import Looking, make_looking

PATH = "/api/v1/query_exemplars"


@pytest.fixture
def looking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Looking]:
    with serving() as server:
        yield make_looking(tmp_path, server, monkeypatch, capsys)


def curves(query: str) -> Curves:
    return Curves(query, moment(1000), moment(1060), 1.0, ())


def example(at: float, value: str, trace_id: str) -> dict[str, Any]:
    return {"labels": {"trace_id": trace_id}, "value": value, "timestamp": at}


def test_examples_are_those_of_the_query_and_its_time_each_once(looking: Looking) -> None:
    series = [{"exemplars": [example(1010, "0.2", "b"), example(1005, "0.1", "a")]}]
    series.append({"exemplars": [example(1010, "0.2", "b"), {"labels": {}, "value": "1", "timestamp": 1011}]})
    looking.server.reply(PATH, {"status": "success", "data": series})
    found = exemplars("lab", curves("rate(x_bucket[5s])"))
    assert [(each.value, each.trace_id) for each in found.found] == [(0.1, "a"), (0.2, "b")]
    asked = looking.server.requests[-1].params
    assert (asked["query"], asked["start"], asked["end"]) == ("rate(x_bucket[5s])", "1000.000", "1060.000")
    assert looking.journal == []


def test_what_is_no_histogram_is_not_asked(looking: Looking) -> None:
    assert exemplars("lab", curves("up")).found == ()
    assert looking.server.requests == []


def test_of_too_many_the_newest_are_kept(looking: Looking) -> None:
    many = [example(1000 + number / 10, "1", f"{number:032x}") for number in range(MOST + 20)]
    looking.server.reply(PATH, {"status": "success", "data": [{"exemplars": many}]})
    found = exemplars("lab", curves("x_bucket")).found
    assert (len(found), found[-1].trace_id) == (MOST, f"{MOST + 19:032x}")


def test_what_prometheus_refuses_is_said(looking: Looking) -> None:
    looking.server.reply(PATH, {"status": "error", "error": "no storage"})
    with pytest.raises(LookupFailedError, match="no storage"):
        exemplars("lab", curves("x_bucket"))
