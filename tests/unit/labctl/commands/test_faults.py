from __future__ import annotations

import json

import pytest

from faults import FAULTS
from labctl import catalogue
from labctl.commands.faults import faults
from tests.support.example_fault import EXAMPLE


def test_the_catalogue_is_listed_by_id(capsys: pytest.CaptureFixture[str]) -> None:
    faults()
    out = capsys.readouterr().out
    assert all(fault.id in out for fault in FAULTS)
    assert "labctl break" in out


def test_the_machines_answer_has_what_one_may_know_and_no_more(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "known", lambda _folder: (EXAMPLE,))
    faults(as_json=True)
    assert json.loads(capsys.readouterr().out) == {
        "faults": [
            {
                "id": "example-fault",
                "category": "timeout-config",
                "difficulty": 2,
                "tracks": ["pools", "timeout-config"],
                "min_rps": 5.0,
            }
        ]
    }


def test_nothing_tells_what_is_behind_a_fault(capsys: pytest.CaptureFixture[str]) -> None:
    faults()
    faults(as_json=True)
    out = capsys.readouterr().out
    for fault in FAULTS:
        out = out.replace(fault.id, "")  # which may be asked for, and so may say what it likes
    for fault in FAULTS:
        cause = fault.root_cause
        for telling in (fault.title, fault.story, cause.mechanism, cause.trigger, fault.chain[0].claim):
            assert telling not in out
