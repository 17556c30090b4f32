from __future__ import annotations

from pathlib import Path

import pytest

from labctl.actions import processes
from labctl.operate import background
from tests.support.fake_lab import make_lab


def test_what_runs_is_not_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr(background, "start", lambda name, kind: started.append(f"{name} {kind.name}"))
    assert processes.ensure("day", processes.HUB)
    with processes.only_one("day", processes.HUB) as alone:
        assert alone
        assert processes.runs("day", processes.HUB)
        assert not processes.ensure("day", processes.HUB)
    assert started == ["day hub"]
    processes.end("day", processes.HUB)


def test_a_lab_gets_back_what_it_wants(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr(background, "start", lambda name, kind: started.append(f"{name} {kind.name}"))
    processes.keep_lab("nowhere")
    lab, _ = make_lab("lab", tmp_path, monkeypatch)
    processes.keep_lab("lab")
    assert started == []
    lab.store.room.open(9000, "/t/blue", "/secret")
    processes.keep_lab("lab")
    assert started == ["lab room"]
