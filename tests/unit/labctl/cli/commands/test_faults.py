from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from labctl.cli.commands.faults import faults
from labctl.lab.calibration import REFERENCE_SCAN_MS, Calibration
from tests.support.catalogue import FAULTS, use_only
from tests.support.example_fault import EXAMPLE
from tests.support.fake_lab import make_lab


def test_the_catalogue_is_listed_by_id(capsys: pytest.CaptureFixture[str]) -> None:
    faults()
    out = capsys.readouterr().out
    assert all(fault.id in out for fault in FAULTS)
    assert "labctl break" in out


def test_the_machines_answer_has_what_one_may_know_and_no_more(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    use_only(monkeypatch, EXAMPLE)
    faults(as_json=True)
    assert json.loads(capsys.readouterr().out) == {
        "schema": "labctl.faults/1",
        "faults": [
            {
                "id": "example-fault",
                "category": "timeout-config",
                "difficulty": 2,
                "tracks": ["pools", "timeout-config"],
                "min_rps": 5.0,
                "host": "any",
                "unfit": "",
            }
        ],
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


def test_what_the_lab_here_would_not_show_is_said_beforehand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lab, _ = make_lab("lab", tmp_path, monkeypatch)
    fast = Calibration(REFERENCE_SCAN_MS / 5, 1.0, 10.0)
    lab.store.save(replace(lab.record, calibration=fast.document()))
    faults()
    assert "would not show here: merchant-index-dropped: the host is 5.0 times as fast" in capsys.readouterr().out
