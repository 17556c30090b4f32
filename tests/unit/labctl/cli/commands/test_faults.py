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

COUNTS = {"1": 0, "2": 1, "3": 0, "4": 0, "5": 0}
COUNTED = {
    "schema": "labctl.faults/2",
    "total": 1,
    "categories": [{"track": "timeout-config", "faults": 1, "by_difficulty": COUNTS}],
    "tracks": [{"track": "pools", "faults": 1, "by_difficulty": COUNTS}],
    "unfit": 0,
}


def test_the_catalogue_is_counted_by_track_and_difficulty(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    use_only(monkeypatch, EXAMPLE, replace(EXAMPLE, id="another-fault", tracks=frozenset(), difficulty=4))
    faults()
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["timeout-config", "2", "-", "1", "-", "1", "-"] in lines
    assert ["pools", "1", "-", "1", "-", "-", "-"] in lines
    assert lines[-1][-4:] == ["labctl", "break", "--track", "TRACK"]


def test_the_machines_answer_has_what_one_may_know_and_no_more(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    use_only(monkeypatch, EXAMPLE)
    faults(as_json=True)
    assert json.loads(capsys.readouterr().out) == {**COUNTED, "faults": None}


def test_pipelines_and_authors_get_ids_and_titles(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    use_only(monkeypatch, EXAMPLE)
    faults(spoilers=True, as_json=True)
    (named,) = json.loads(capsys.readouterr().out)["faults"]
    assert named == {
        "id": "example-fault",
        "title": "An example",
        "category": "timeout-config",
        "difficulty": 2,
        "tracks": ["pools", "timeout-config"],
        "min_rps": 5.0,
        "host": "any",
        "unfit": "",
    }
    faults(spoilers=True)
    out = capsys.readouterr().out
    assert "example-fault" in out
    assert "An example" in out


def test_no_fault_is_named_without_being_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    faults()
    faults(as_json=True)
    out = capsys.readouterr().out
    assert not [fault.id for fault in FAULTS if fault.id in out or fault.title in out]


def test_nothing_tells_what_is_behind_a_fault(capsys: pytest.CaptureFixture[str]) -> None:
    faults(spoilers=True)
    faults(spoilers=True, as_json=True)
    out = capsys.readouterr().out
    for fault in FAULTS:
        out = out.replace(fault.id, "").replace(fault.title, "")  # which were asked for, and so may say what they like
    for fault in FAULTS:
        cause = fault.root_cause
        for telling in (fault.story, cause.mechanism, cause.trigger, fault.chain[0].claim):
            assert telling not in out


def test_what_the_lab_here_would_not_show_is_said_beforehand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lab, _ = make_lab("lab", tmp_path, monkeypatch)
    fast = Calibration(REFERENCE_SCAN_MS / 5, 1.0, 10.0)
    lab.store.save(replace(lab.record, calibration=fast.document()))
    faults()
    counted = capsys.readouterr().out
    assert "of them would not show in this lab" in counted
    assert "merchant-index-dropped" not in counted
    faults(spoilers=True)
    assert "would not show here: merchant-index-dropped: the host is 5.0 times as fast" in capsys.readouterr().out
