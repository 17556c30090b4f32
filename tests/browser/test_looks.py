"""Every view at every width and in both colours: nothing serious from axe, nothing wider than the screen.

The lab is made up, so that each view has something to show. It is no test of the fast run: it needs a browser.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from labctl.lab.lab import Lab
from labctl.operate import background
from labctl.room.views import VIEWS
from tests.support.http_server import serving
from tests.support.room_ended import ended
from tests.support.room_world import PREFIX, make_browser
from tests.support.room_world import page as open_again
from tests.support.wsgi_server import running

pytestmark = [pytest.mark.lab, pytest.mark.browser]
AXE = Path(__file__).resolve().parents[2] / "room" / "node_modules" / "axe-core" / "axe.min.js"
PORT = 21005
"""The room of the made-up lab answers to this address only."""
SERIOUS = frozenset({"serious", "critical"})
PATHS = (
    *(view.name for view in VIEWS),
    *("logs?view=patterns&since=5m", "metrics?query=up", f"traces/{1:032x}", "traces/nothing", "changes?since=never"),
    *("database?show=sessions", "database?show=tables", "database?statement=SELECT 1", "database?statement=wrong"),
    "database?statement=SELECT 1&run=measured",
    *("notebook/mitigations", "notebook/look-ups", "page/give-up"),
    "dashboards?board=resources&range=5m",
)
AFTERWARDS = ("page", "answer", "debrief", "postmortem", "leaderboard", "lab")
SCREENS = {"light": (1440, "light"), "dark": (1440, "dark"), "narrow": (390, "light")}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Make a lab up, with a room in front of it."""
    folder = tmp_path_factory.mktemp("room")
    with pytest.MonkeyPatch.context() as patch, serving() as server:
        patch.setenv("LABCTL_STATE_DIR", str(folder / "state"))
        patch.setenv("DOCKER_HOST", f"unix://{folder}/no-daemon")
        patch.setattr(background, "start", lambda *_: None)
        inside = make_browser(folder, patch, server)
        with running(inside.client.application, port=PORT):
            yield inside.lab


@pytest.fixture(scope="module", params=SCREENS)
def context(browser: Browser, made: Lab, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    width, scheme = SCREENS[request.param]
    screen = {"width": width, "height": 900}
    with browser.new_context(viewport=screen, color_scheme=scheme, bypass_csp=True) as found:  # type: ignore[arg-type]
        page = found.new_page()
        page.goto(f"http://127.0.0.1:{PORT}{PREFIX}/enter?token={made.store.room.mint()}")
        page.close()
        yield found


@pytest.mark.parametrize("path", AFTERWARDS)
def test_a_view_after_the_end(context: BrowserContext, made: Lab, path: str) -> None:
    try:
        with pytest.MonkeyPatch.context() as patch:
            ended(patch, made)
            look(context, path)
    finally:
        open_again(made)


@pytest.mark.parametrize("path", PATHS)
def test_a_view(context: BrowserContext, path: str) -> None:
    look(context, path)


def look(context: BrowserContext, path: str) -> None:
    """Look at a view: is it as wide as the screen, and can everybody use it?"""
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{PORT}{PREFIX}/{path}")
    page.wait_for_selector("h1")
    screen = page.viewport_size
    assert screen is not None
    assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"]
    if AXE.exists():
        page.evaluate(AXE.read_text("utf-8"))
        found = page.evaluate("axe.run().then(result => result.violations)")
        assert [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in SERIOUS] == []
    page.close()
    if not AXE.exists():
        pytest.skip("only its width was looked at: axe is not here (make room)")
