"""When a team is told of what its members do: at once, or with other moves."""

from __future__ import annotations

import time

import pytest

from labctl.gameday.web.presence import MOVES_S, Presence


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    clock = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    return clock


def test_moves_that_follow_each_other_are_told_together(now: list[float]) -> None:
    presence = Presence()
    presence.came("blue", 1)
    first = presence.version("blue")
    assert first == 1, "the first move is told at once"
    presence.looked("blue", 1, "logs")
    presence.looked("blue", 2, "traces")
    assert presence.version("blue") == first
    now[0] += MOVES_S
    assert presence.version("blue") == first + 1
    assert presence.version("blue") == first + 1
    assert presence.cursor(2).view == "traces"


def test_what_the_team_has_to_hear_does_not_wait(now: list[float]) -> None:
    presence = Presence()
    presence.looked("blue", 1, "logs")
    before = presence.version("blue")
    presence.ring("blue")
    assert presence.version("blue") == before + 1
    del now


def test_the_same_view_again_is_no_move(now: list[float]) -> None:
    presence = Presence()
    presence.looked("blue", 1, "logs")
    before = presence.version("blue")
    now[0] += MOVES_S
    presence.looked("blue", 1, "logs")
    assert presence.version("blue") == before
    assert presence.version("green") == 0
