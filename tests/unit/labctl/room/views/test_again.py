from __future__ import annotations

import pytest

from labctl.actions import pins
from labctl.room.views.again import address, number_in
from tests.support.room_world import Browser

PATHS = (
    "/metrics?query=up&range=5m",
    "/logs?service=risk&grep=time.*out&since=5m",
    "/logs?service=risk&since=2m",
    "/traces?service=risk&operation=GET&min_ms=20&errors=1&since=5m",
    f"/traces/{1:032x}",
    "/changes?since=1h",
)


@pytest.mark.parametrize("path", PATHS)
def test_a_look_up_is_asked_again_at_its_address(browser: Browser, path: str) -> None:
    browser.get(path)
    with browser.client.application.test_request_context(base_url="http://127.0.0.1:21005"):
        (look,) = pins.seen("lab")
        found = address(look)
    assert found is not None
    browser.get(found.removeprefix("/room/lab"))
    again, first = pins.seen("lab")
    assert (again.command, again.asked) == (first.command, first.asked)


def test_what_the_room_has_no_view_for_has_no_address(browser: Browser) -> None:
    browser.lab.store.journal.looked_up("somewhere else", what="x")
    with browser.client.application.test_request_context(base_url="http://127.0.0.1:21005"):
        assert address(pins.seen("lab")[0]) is None


def test_the_number_that_a_text_begins_with() -> None:
    assert number_in("#7 metrics up") == 7
    assert number_in("#7") == 7
    assert number_in("see #7") is None
    assert number_in("") is None
