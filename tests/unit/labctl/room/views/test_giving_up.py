from __future__ import annotations

import pytest

from labctl.actions import debrief
from tests.support.room_world import Browser


def test_it_is_asked_once_more_and_done(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    given_up: list[str] = []
    monkeypatch.setattr(debrief, "give_up", given_up.append)
    assert 'href="/room/lab/page/give-up"' in browser.get("/page").text
    assert "can't be taken up again" in browser.get("/page/give-up").text
    assert given_up == []
    assert browser.post("/page/give-up", {}).status_code == 303
    assert given_up == ["lab"]
