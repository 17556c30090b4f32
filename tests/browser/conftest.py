"""A real browser, and a lab of its own for it. Without Chromium, these tests are skipped."""

from __future__ import annotations

import getpass
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from labctl.actions import room, up
from labctl.base import paths
from labctl.catalogue import catalogue
from labctl.lab.lab import Lab
from labctl.model.fault import Fault
from labctl.operate.plan import LabOptions
from labctl.operate.teardown import tear_down

NAME = f"br{os.getuid()}"
FAULT = "risk-timeout-cut"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def chromium() -> str:
    found = next((path for each in PROGRAMS if (path := shutil.which(each))), None)
    if found is None:
        pytest.skip(f"no browser is here: none of {', '.join(PROGRAMS)}")
    return found


@pytest.fixture(scope="module")
def lab(chromium: str) -> Iterator[Lab]:
    """A healthy lab; what an aborted run left of it is used again."""
    with pytest.MonkeyPatch.context() as patch:
        if paths.STATE_DIR_VARIABLE not in os.environ:
            folder = Path(tempfile.gettempdir()) / f"labctl-browser-{getpass.getuser()}"
            patch.setenv(paths.STATE_DIR_VARIABLE, str(folder))
        try:
            up.up(NAME, LabOptions(rps=20.0, seed=1))
            yield Lab.open(NAME)
        finally:
            tear_down(NAME)


@pytest.fixture(scope="module")
def fault() -> Fault:
    return catalogue.find(FAULT)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # Without a sandbox of its own only where root runs it, which Chromium refuses otherwise.
        arguments = ["--no-sandbox"] if os.getuid() == 0 else []
        started = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield started
        started.close()


class Tab:
    """A page of somebody who came in by a token of their own, and what went wrong in it."""

    def __init__(self, context: BrowserContext, lab: Lab) -> None:
        self.context = context
        self.page: Page = context.new_page()
        self.wrong: list[str] = []
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", lambda said: self.wrong.append(said.text) if "Security Policy" in said.text else None)
        self.page.on("dialog", lambda dialog: self.wrong.append(f"a dialog: {dialog.message}"))
        opened = room.open_room(lab.name)
        self.address = opened.address
        self.page.goto(opened.url)

    def show(self, view: str) -> None:
        """Open a view as a visitor does: by its name in the navigation."""
        self.page.get_by_role("navigation").get_by_role("link", name=view).click()
        self.page.wait_for_selector(f"#view:has(h1:text-is('{view}'))")


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
