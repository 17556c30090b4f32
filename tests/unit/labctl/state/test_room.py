from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from threading import Thread

import pytest

from labctl.state.database import Database
from labctl.state.room import MOST_TOKENS, TOKEN_S, RoomFile, prefix_of


@pytest.fixture
def room(tmp_path: Path) -> RoomFile:
    database = Database(tmp_path / "state.db")
    database.prepare()
    return RoomFile(database)


def test_a_lab_has_none_until_it_is_opened(room: RoomFile) -> None:
    assert room.read() is None
    room.close()
    assert room.read() is None
    with pytest.raises(LookupError):
        room.mint()


def test_its_secret_stays_while_it_is_open_whatever_its_port(room: RoomFile) -> None:
    first = room.open(21005)
    second = room.open(21006)
    assert (second.port, second.secret) == (21006, first.secret)
    assert len(first.secret) > 40
    assert room.read() == second


def test_closing_it_puts_out_who_was_in_it_and_keeps_the_port(room: RoomFile) -> None:
    first = room.open(21005)
    token = room.mint()
    room.close()
    closed = room.read()
    assert closed is not None
    assert (closed.open, closed.port) == (False, 21005)
    assert closed.secret != first.secret
    assert not room.redeem(token)


def test_a_token_is_good_once(room: RoomFile) -> None:
    room.open(21005)
    one, other = room.mint(), room.mint()
    assert [room.redeem(one), room.redeem(one), room.redeem(other), room.redeem("no token"), room.redeem("\ud800")] == [
        True,
        False,
        True,
        False,
        False,
    ]


def test_two_that_use_a_token_at_once_do_not_both_get_in(room: RoomFile) -> None:
    room.open(21005)
    token = room.mint()
    got: list[bool] = []
    threads = [Thread(target=lambda: got.append(room.redeem(token))) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sum(got) == 1


def test_a_token_gets_old(room: RoomFile, monkeypatch: pytest.MonkeyPatch) -> None:
    room.open(21005)
    token, later = room.mint(), time.time() + TOKEN_S + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert not room.redeem(token)


def test_tokens_that_nobody_uses_do_not_pile_up(room: RoomFile) -> None:
    room.open(21005)
    tokens = [room.mint() for _ in range(MOST_TOKENS + 10)]
    record = room.read()
    assert record is not None
    assert len(record.tokens) <= MOST_TOKENS
    assert room.redeem(tokens[-1])


def test_neither_secret_nor_token_can_be_read_off_the_file(room: RoomFile) -> None:
    secret, token = room.open(21005).secret, room.mint()
    with sqlite3.connect(room.database.path) as connection:
        raw = "".join(str(row) for row in connection.execute("SELECT * FROM settings"))
    connection.close()
    assert secret not in raw
    assert token not in raw


def test_each_lab_has_a_path_of_its_own(room: RoomFile) -> None:
    assert room.open(21005).address("blue") == "http://127.0.0.1:21005/room/blue/"
    assert prefix_of("blue") != prefix_of("red")


def test_who_has_left_has_left_until_the_session_would_have_ended_by_itself(
    room: RoomFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not room.has_left("s1")
    room.leave("s1", 60)  # a lab without a room has nobody to leave
    assert not room.has_left("s1")
    room.open(21005)
    room.leave("s1", 60)
    assert (room.has_left("s1"), room.has_left("s2")) == (True, False)
    later = time.time() + 61
    monkeypatch.setattr(time, "time", lambda: later)
    room.leave("s2", 60)
    record = room.read()
    assert record is not None
    assert len(record.left) == 1
    room.close()
    assert not room.has_left("s2")  # its token is none any more: the room has another secret
