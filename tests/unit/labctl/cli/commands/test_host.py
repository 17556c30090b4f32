from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from labctl.base.errors import EngineError
from labctl.cli.commands.host import ls
from labctl.lab.lab import Lab
from labctl.operate import host
from labctl.operate.host import Room
from tests.support.fake_daemon import FakeDaemon
from tests.support.fake_lab import make_record


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch, fake_daemon: FakeDaemon) -> None:
    monkeypatch.setattr(host, "room", lambda: Room(None, 22_000 * 10**6))
    monkeypatch.setattr(host, "busy_cores", lambda: 0.4)


def machine(capsys: pytest.CaptureFixture[str], rps: float | None = 5) -> dict[str, Any]:
    ls(rps, as_json=True)
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def make(name: str, status: Any = "running") -> None:
    lab = Lab(name)
    lab.folder.mkdir(parents=True)
    lab.store.prepare()
    lab.store.save(replace(make_record(name), status=status))


def test_this_host_and_how_many_more_labs_fit(capsys: pytest.CaptureFixture[str]) -> None:
    make("blue")
    make("red", "paused")
    found = machine(capsys)
    (here,) = found["hosts"]
    assert (here["cores"], here["busy_cores"], here["memory_mb"], here["free_mb"]) == (2, 0.4, 24_000, 22_000)
    assert (here["labs"], here["paused"], here["fits"], here["short_of"]) == (2, 1, 6, "CPU")
    assert (found["rps"], found["speed"], found["lab_cores"]) == (5, 1, 0.22)
    ls(5)
    out = capsys.readouterr().out
    assert "2 labs, 1 paused" in out
    assert "A lab at 5 requests/s needs 810 MB and 0.22 cores" in out


def test_fewer_fit_at_the_usual_rate(capsys: pytest.CaptureFixture[str]) -> None:
    assert machine(capsys, None)["rps"] == 20
    assert machine(capsys, None)["hosts"][0]["fits"] < machine(capsys)["hosts"][0]["fits"]


def test_a_system_that_tells_nothing_of_itself_is_judged_by_dockers_machine(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host, "room", lambda: Room(None, None))
    monkeypatch.setattr(host, "busy_cores", lambda: None)
    (here,) = machine(capsys)["hosts"]
    assert (here["busy_cores"], here["free_mb"], here["fits"]) == (None, None, 8)


def test_without_docker_there_is_no_answer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/gone")
    with pytest.raises(EngineError):
        ls(5)
