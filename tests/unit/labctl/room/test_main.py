"""The room's process, as a front starts it."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from labctl.actions.room import Keys
from labctl.base.errors import InputError, LabctlError
from labctl.base.waiting import wait_until
from labctl.room.__main__ import _keys, _parser, app_of, main, port_of
from tests.support.fake_lab import make_lab

FRONT = {"X-Room-User": "blue", "X-Room-Front": "the front's"}


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_text("the front's\n")
    return path


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture
def room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, secret: Path, free_port: int
) -> Iterator[subprocess.Popen[bytes]]:
    make_lab("lab", tmp_path, monkeypatch)
    words = ["lab", "--prefix", "/teams/blue", "--front-secret-file", str(secret), "--bind", f"127.0.0.1:{free_port}"]
    process = subprocess.Popen([sys.executable, "-m", "labctl.room", *words], cwd=Path(__file__).parents[4])
    yield process
    process.terminate()
    process.wait(30)


def test_a_front_starts_it_under_any_path(room: subprocess.Popen[bytes], free_port: int) -> None:
    address = f"http://127.0.0.1:{free_port}/teams/blue"

    def page() -> httpx.Response | None:
        try:
            return httpx.get(f"{address}/changes", headers=FRONT, trust_env=False, timeout=5)
        except httpx.TransportError:
            return None

    answer = wait_until(page, what="the room", timeout=30)
    assert answer.status_code == 200
    assert 'href="/teams/blue/logs"' in answer.text
    assert httpx.get(f"{address}/changes", trust_env=False).status_code == 401
    # Another process for the same lab finds that one is there, and ends.
    assert subprocess.run([sys.executable, "-m", "labctl.room", "lab"], timeout=30, check=False).returncode == 0


def test_an_empty_secret_is_none(tmp_path: Path, secret: Path) -> None:
    secret.write_text(" \n")
    asked = _parser().parse_args(["lab", "--front-secret-file", str(secret), "--bind", "127.0.0.1:1"])
    with pytest.raises(LabctlError, match="is empty"):
        app_of(asked, Keys(1, "secret"))


def test_without_a_front_it_answers_to_its_own_address_only() -> None:
    app = app_of(_parser().parse_args(["lab"]), Keys(21005, "secret"))
    client = app.test_client()
    assert client.get("/room/lab/alive", headers={"Host": "localhost:21005"}).status_code == 200
    assert client.get("/room/lab/alive", headers={"Host": "localhost:21006"}).status_code == 421


@pytest.mark.parametrize("address", ["", "8100x", "127.0.0.1"])
def test_an_address_has_a_port(address: str) -> None:
    with pytest.raises(InputError, match="has no port"):
        port_of(address)


def test_a_room_that_nobody_opened_is_not_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_lab("lab", tmp_path, monkeypatch)
    with pytest.raises(LabctlError, match="the room is closed"):
        main(["lab"])


def test_whoever_starts_it_again_starts_it_behind_the_same_front(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, secret: Path
) -> None:
    make_lab("lab", tmp_path, monkeypatch)
    words = ["lab", "--prefix", "/t/blue", "--front-secret-file", str(secret), "--bind", "127.0.0.1:8100"]
    first = _keys(_parser().parse_args(words))
    asked = _parser().parse_args(["lab"])
    assert _keys(asked) == first
    client = app_of(asked, first).test_client()
    assert client.get("/t/blue/changes").status_code == 401
    assert client.get("/t/blue/changes", headers=FRONT).status_code == 200
