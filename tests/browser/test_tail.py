"""A live tail in a real browser: lines come by themselves, each once. The lab is made up."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.support.made_room import MadeRoom

pytestmark = pytest.mark.browser


def test_lines_come_by_themselves_each_once(browser: Browser, made: MadeRoom) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(made.way_in)
        page.goto(made.at("logs?since=1m"))
        page.get_by_role("button", name="Live tail").click()
        expect(page.locator(".line.fresh").nth(2)).to_be_attached()
        ids = page.locator(".line").evaluate_all("lines => lines.map(line => line.id)")
        assert len(ids) == len(set(ids))
        page.get_by_role("button", name="Live tail").click()
        expect(page.get_by_role("button", name="Live tail")).to_have_attribute("aria-pressed", "false")
