"""Opening and closing a room: the process is a real one, its lab is not."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from labctl.actions import room
from labctl.base.errors import LabStateError, NotFoundError
from labctl.base.waiting import wait_until
from labctl.lab import lab as lab_module
from labctl.lab.lab import Lab
from labctl.operate import background
from labctl.operate.teardown import tear_down
from tests.support.fake_lab import FakeStack, make_lab

START = background.start
"""The real one: in the tests it is another (conftest.py)."""


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    found, _ = make_lab("lab", tmp_path, monkeypatch)
    monkeypatch.setattr(background, "start", START)
    yield found
    background.stop("lab", background.ROOM)


@contextmanager
def inside(url: str) -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, follow_redirects=True, timeout=10) as client:
        assert client.get(url).status_code == 200
        yield client


def test_a_room_is_opened_once_and_comes_back_with_whoever_was_in_it(lab: Lab) -> None:
    first = room.open_room("lab")
    assert first.started
    assert first.address.startswith("http://127.0.0.1:")
    with inside(first.url) as client:
        second = room.open_room("lab")
        assert (second.started, second.address) == (False, first.address)
        assert second.url != first.url
        process = background.running("lab", background.ROOM)
        assert process is not None
        os.killpg(process.pid, signal.SIGKILL)
        wait_until(lambda: background.running("lab", background.ROOM) is None, what="its end", timeout=20)
        background.ensure(lab)  # as any command does
        wait_until(lambda: answers(lab, first.address), what="its return", timeout=20)
        assert client.get(f"{first.address}changes").status_code == 200
    with httpx.Client(trust_env=False) as stranger:
        assert stranger.get(f"{first.address}changes").status_code == 401


def test_the_process_that_serves_is_replaced_when_it_dies(lab: Lab) -> None:
    opened = room.open_room("lab")
    watcher = background.running("lab", background.ROOM)
    assert watcher is not None
    (worker,) = children(watcher.pid)
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: children(watcher.pid) not in ([], [worker]), what="another", timeout=20)
    wait_until(lambda: answers(lab, opened.address), what="its answer", timeout=20)


def test_closing_it_ends_the_process_and_puts_everybody_out(lab: Lab) -> None:
    opened = room.open_room("lab")
    with inside(opened.url) as client:
        assert room.close_room("lab")
        assert background.running("lab", background.ROOM) is None
        again = room.open_room("lab")
        assert client.get(f"{again.address}changes").status_code == 401
    assert room.close_room("lab")
    assert not room.close_room("lab")
    with pytest.raises(LabStateError, match="the room is closed"):
        room.keys("lab")


def test_a_port_that_another_program_took_is_given_up(lab: Lab) -> None:
    port = room._port(lab, None)
    lab.store.room.open(port)
    with socket.create_server(("127.0.0.1", port)):
        opened = room.open_room("lab")
    assert f":{port}/" not in opened.address


def test_another_room_at_the_port_is_not_taken_for_this_one(lab: Lab) -> None:
    opened = room.open_room("lab")
    assert not room._answers(opened.address, "another lab's secret")


def test_it_ends_with_the_lab(lab: Lab) -> None:
    room.open_room("lab")
    lab.store.room.close()
    wait_until(lambda: background.running("lab", background.ROOM) is None, what="its end", timeout=20)


def test_no_lab_has_no_room() -> None:
    with pytest.raises(NotFoundError):
        room.open_room("gone")
    assert not room.still_there("gone")


def answers(lab: Lab, address: str) -> bool:
    record = lab.store.room.read() if lab.store.exists else None
    return room._answers(address, record.secret if record else "")


def children(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(each) for each in path.read_text().split()] if path.exists() else []


def test_down_ends_it(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    room.open_room("lab")
    monkeypatch.setattr(lab_module, "Stack", lambda _project, _folder: FakeStack())
    tear_down("lab")
    wait_until(lambda: background.running("lab", background.ROOM) is None, what="its end", timeout=20)


def test_a_front_keeps_the_labs_secret(lab: Lab) -> None:
    first = room.open_at("lab", 8100, "/t/blue", "/secrets/front")
    assert room.open_at("lab", 8200, "/t/blue", "/secrets/front") == room.Keys(
        8200, first.secret, "/t/blue", "/secrets/front"
    )
    with pytest.raises(LabStateError, match="behind a game day's hub"):
        room.open_room("lab")
