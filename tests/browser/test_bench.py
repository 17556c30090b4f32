"""What measures the room finds its way through one, under the policy that every page has. The lab is made up."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import Browser

from bench import room
from bench.room import Place, measured_in
from labctl.room.views import VIEWS
from tests.support.made_room import MadeRoom

pytestmark = pytest.mark.browser


def test_a_room_is_measured(browser: Browser, made: MadeRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "TIMES", 1)
    monkeypatch.setattr(room, "FRESH_S", 1.0)
    found = measured_in(browser, Place(made.at(), made.way_in, os.getpid()))
    assert len(found) == len(VIEWS) + 1 + len(room.SEARCHES) + 1
    assert all(each.value > 0 for each in found)
    scripts = next(each for each in found if "JavaScript" in each.name)
    # No editor is among them: it opens later, and is as large as the rest.
    assert 0.3 < scripts.ratio <= 1
