from __future__ import annotations

import time

import pytest
from flask import Request, Response
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder

from labctl.room.identity import SESSION_S, ByCookie, ByFront, Visitor, signed

ROOM = ByCookie("secret", "/room/lab/", "room")
OTHER = ByCookie("another secret", "/room/lab/", "room")
FRONT = ByFront("secret", "the front's")


def asks(**headers: str) -> Request:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request(EnvironBuilder(headers=Headers(named)).get_environ())


def cookie_of(room: ByCookie) -> str:
    response = Response()
    room.welcome(response)
    return response.headers["Set-Cookie"].partition(";")[0]


def test_whoever_was_welcomed_is_a_visitor_also_of_a_room_that_was_started_again() -> None:
    cookie = cookie_of(ROOM)
    found = ROOM.visitor(asks(Cookie=cookie))
    assert found is not None
    assert ByCookie("secret", "/room/lab/", "room").visitor(asks(Cookie=cookie)) == found


def test_no_other_room_takes_the_cookie() -> None:
    assert OTHER.visitor(asks(Cookie=cookie_of(ROOM))) is None


@pytest.mark.parametrize("value", ["", "x", "a.b.c", "..", "a.0.", "ö.1.é", "a." + "9" * 400 + ".x"])
def test_what_this_room_has_not_signed_is_no_cookie(value: str) -> None:
    assert ROOM.visitor(asks(Cookie=f"room={value}")) is None


def test_a_session_ends() -> None:
    began = f"{time.time() - SESSION_S - 10:.0f}"
    old = f"room=abc.{began}.{signed('secret', 'session', 'abc', began)}"
    assert ROOM.visitor(asks(Cookie=old)) is None


def test_keys_for_changes_differ_by_session_and_room() -> None:
    keys = {room.change_key(Visitor("you", session)) for room in (ROOM, OTHER) for session in ("a", "b")}
    assert len(keys) == 4


def test_a_front_says_who_asks() -> None:
    found = FRONT.visitor(asks(X_Room_User="blue team", X_Room_Front="the front's"))
    assert found == Visitor("blue team", "blue team")


@pytest.mark.parametrize(
    "sent",
    [{}, {"X_Room_User": "x"}, {"X_Room_User": "x", "X_Room_Front": "other"}, {"X_Room_Front": "the front's"}],
)
def test_nobody_else_does(sent: dict[str, str]) -> None:
    assert FRONT.visitor(asks(**sent)) is None


def test_a_front_needs_no_way_in() -> None:
    response = Response()
    FRONT.welcome(response)
    assert (FRONT.has_door, "Set-Cookie" in response.headers) == (False, False)


def test_a_front_says_who_asks_how_and_what_is_above_the_view() -> None:
    said = {"X-Room-Front": "the front's", "X-Room-User": "Zo%C3%AB", "X-Room-Bar": "/hub/blue/bar"}
    found = FRONT.visitor(asks(**said))
    assert found is not None
    assert (found.name, found.by_token, found.watching) == ("Zoë", False, False)
    assert FRONT.bar(asks(**said)) == "/hub/blue/bar"
    terminal, guest = (FRONT.visitor(asks(**said, **{"X-Room-Via": via})) for via in ("terminal", "watching"))
    assert terminal is not None
    assert guest is not None
    assert (terminal.by_token, guest.watching) == (True, True)


def test_nobody_else_speaks_as_the_front() -> None:
    said = {"X-Room-User": "Eve", "X-Room-Bar": "https://evil.example/", "X-Room-Via": "terminal"}
    for secret in ({}, {"X-Room-Front": ""}, {"X-Room-Front": "guess"}):
        assert FRONT.visitor(asks(**said, **secret)) is None
        assert FRONT.bar(asks(**said, **secret)) == ""
