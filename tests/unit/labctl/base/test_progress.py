from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from labctl.base import progress
from labctl.base.progress import Began, Ended, Event, Moved, Noted, Warned


def test_a_listener_hears_of_a_step_from_its_beginning_to_its_end() -> None:
    heard: list[Event] = []
    with progress.listening(heard.append), progress.step("images") as step:
        step.update("building risk")
        step.note("risk: built")
    began, moved, noted, ended = heard
    assert (began, moved, noted) == (Began("images"), Moved("images", "building risk"), Noted("images", "risk: built"))
    assert isinstance(ended, Ended)
    assert (ended.step, ended.well, ended.seconds >= 0) == ("images", True, True)


def test_a_step_that_fails_ends_all_the_same() -> None:
    heard: list[Event] = []
    with pytest.raises(ZeroDivisionError), progress.listening(heard.append), progress.step("images"):
        raise ZeroDivisionError
    assert isinstance(heard[-1], Ended)
    assert not heard[-1].well


def test_nobody_has_to_listen_and_nobody_does_any_more_afterwards() -> None:
    heard: list[Event] = []
    with progress.listening(heard.append):
        progress.warn("careful")
    progress.warn("to nobody")
    with progress.step("to nobody") as step:
        step.update("either")
    assert heard == [Warned("careful")]


def test_a_step_that_threads_share_is_heard_where_it_began() -> None:
    heard: list[Event] = []
    with progress.listening(heard.append), progress.step("images") as step, ThreadPoolExecutor(4) as pool:
        list(pool.map(step.update, "abcd"))
    assert {each.detail for each in heard if isinstance(each, Moved)} == set("abcd")
