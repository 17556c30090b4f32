"""Every view, wide and narrow and in both colours: nothing serious from axe, nothing wider than the screen.

The lab is made up, so that each view has something to show.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from labctl.room.views import VIEWS
from tests.browser.axe import AXE, serious
from tests.browser.conftest import SLOW_MS
from tests.support.made_room import MadeRoom
from tests.support.room_ended import ended
from tests.support.room_world import page as open_again

pytestmark = pytest.mark.browser
PATHS = (
    *(view.name for view in VIEWS),
    *("logs?view=patterns&since=5m", "metrics?query=up", f"traces/{1:032x}", "traces/nothing", "changes?since=never"),
    *("database?show=sessions", "database?show=tables", "database?statement=SELECT 1", "database?statement=wrong"),
    "database?statement=SELECT 1&run=measured",
    *("notebook/mitigations", "notebook/look-ups", "page/give-up"),
    "dashboards?board=resources&range=5m",
)
AFTERWARDS = ("page", "answer", "debrief", "postmortem", "leaderboard", "lab")
HEIGHT = 900


@pytest.fixture(scope="module")
def page(browser: Browser, made: MadeRoom) -> Iterator[Page]:
    with browser.new_context(bypass_csp=True) as context:
        found = context.new_page()
        found.set_default_timeout(3 * SLOW_MS)
        found.goto(made.way_in)
        yield found


@pytest.mark.parametrize("path", AFTERWARDS)
def test_a_view_after_the_end(page: Page, made: MadeRoom, path: str) -> None:
    try:
        with pytest.MonkeyPatch.context() as patch:
            ended(patch, made.lab)
            look(page, made, path)
    finally:
        open_again(made.lab)


@pytest.mark.parametrize("path", PATHS)
def test_a_view(page: Page, made: MadeRoom, path: str) -> None:
    look(page, made, path)


def test_everybody_can_use_every_view() -> None:
    if not AXE.exists():
        pytest.skip("only the width of views was looked at: axe is not here (make room)")


def look(page: Page, made: MadeRoom, path: str) -> None:
    """Look at a view at a desk, in both colours, and on a telephone: is it as wide as the screen, and fit for all?"""
    page.set_viewport_size({"width": 1440, "height": HEIGHT})
    page.emulate_media(color_scheme="light")
    page.goto(made.at(path))
    page.wait_for_selector("h1")
    assert width(page) <= 1440
    assert serious(page) == []
    page.emulate_media(color_scheme="dark")
    assert soon_serious(page) == []
    page.set_viewport_size({"width": 390, "height": HEIGHT})
    assert width(page) <= 390
    assert serious(page) == []


def soon_serious(page: Page) -> list[tuple[str, str]]:
    """Return what is wrong once graphs are drawn in the other colours, which takes them a moment."""
    found = serious(page)
    until = time.monotonic() + SLOW_MS / 1000
    while found and time.monotonic() < until:
        page.wait_for_timeout(200)
        found = serious(page)
    return found


def width(page: Page) -> int:
    found: int = page.evaluate("document.documentElement.scrollWidth")
    return found
