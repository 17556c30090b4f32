"""A real browser; the room of a made-up lab, and the lab that tests of tests/integration/ share.

Without Chromium, these tests are skipped, and say so.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from labctl.actions import room
from labctl.catalogue import catalogue
from labctl.health import steady_state
from labctl.lab.lab import Lab
from labctl.model.fault import Fault
from tests.integration.conftest import _shared_lab, lab_state
from tests.support.made_room import MadeRoom, made_room
from tests.support.mending import mend

__all__ = ["_shared_lab", "lab_state"]

FAULT = "risk-timeout-cut"
SLOW_MS = 20_000
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def chromium() -> str:
    found = next((path for each in PROGRAMS if (path := shutil.which(each))), None)
    if found is None:
        pytest.skip(f"no browser is here: none of {', '.join(PROGRAMS)}")
    return found


@pytest.fixture(scope="module")
def lab(chromium: str, _shared_lab: Lab) -> Iterator[Lab]:
    """The lab that all tests share, in its steady state, and mended afterwards; its room is closed then."""
    mend(_shared_lab)
    steady_state.wait(_shared_lab.metrics, _shared_lab.rps)
    yield _shared_lab
    room.close_room(_shared_lab.name)
    mend(_shared_lab)


@pytest.fixture(scope="module")
def fault() -> Fault:
    return catalogue.find(FAULT)


@pytest.fixture(scope="module")
def made(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MadeRoom]:
    """The room of a made-up lab in trouble: no containers are needed. Whoever changes it changes it for a module."""
    del chromium  # without one, nothing is made up
    with made_room(tmp_path_factory.mktemp("room")) as found:
        yield found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # Without a sandbox of its own only where root runs it, which Chromium refuses otherwise.
        arguments = ["--no-sandbox"] if os.getuid() == 0 else []
        started = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield started
        started.close()


@pytest.fixture(autouse=True, scope="session")
def _patience() -> None:
    """Wait long for what has to come: a busy machine is slow, which is not what is tested here."""
    expect.set_options(timeout=SLOW_MS)


REFUSED = "document.addEventListener('securitypolicyviolation', e => console.error('Security Policy: ' + e.blockedURI))"


class Tab:
    """A page of somebody who came in by a token of their own, and what went wrong in it.

    That a script of somebody else's ran, that the policy refused something, or that another place was asked, counts.
    """

    def __init__(self, context: BrowserContext, lab: Lab) -> None:
        self.context = context
        context.set_default_timeout(3 * SLOW_MS)
        self.page: Page = context.new_page()
        self.wrong: list[str] = []
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", lambda said: self.wrong.append(said.text) if "Security Policy" in said.text else None)
        self.page.on("dialog", lambda dialog: self.wrong.append(f"a dialog: {dialog.message}"))
        self.page.add_init_script(REFUSED)
        opened = room.open_room(lab.name)
        self.address = opened.address
        self.page.on("request", lambda asked: self._note(asked.url))
        self.page.goto(opened.url)

    def _note(self, url: str) -> None:
        if not url.startswith((self.address, "data:")):
            self.wrong.append(f"asked {url}")

    def show(self, view: str) -> None:
        """Open a view as a visitor does: by its name in the navigation. It may be open already, and comes anew then."""
        self.page.locator("#view").evaluate("view => view.dataset.before = 'yes'")
        self.page.get_by_role("navigation", name="Views").get_by_role("link", name=view).click()
        self.page.wait_for_selector(f"#view:not([data-before]):has(h1:text-is('{view}'))")


@pytest.fixture(scope="module")
def tab(browser: Browser, lab: Lab) -> Iterator[Tab]:
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        found = Tab(context, lab)
        yield found
        assert found.wrong == []


@pytest.fixture(scope="module")
def other(browser: Browser, lab: Lab) -> Iterator[Tab]:
    """Somebody else, in another browser, who sees the same lab, on a telephone and in the dark."""
    with browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark") as context:
        found = Tab(context, lab)
        yield found
        assert found.wrong == []
