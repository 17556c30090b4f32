"""A postmortem that is saved as one types, in a real browser. The incident is made up."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.support.made_room import MadeRoom
from tests.support.room_ended import ended

pytestmark = pytest.mark.browser


def test_what_is_typed_is_saved_and_read_again(browser: Browser, made: MadeRoom) -> None:
    with pytest.MonkeyPatch.context() as patch, browser.new_context() as context:
        ended(patch, made.lab)
        page = context.new_page()
        page.goto(made.way_in)
        page.goto(made.at("postmortem"))
        page.get_by_label("Resolution").fill("It was rolled back.")
        for owner in page.locator("[name=owner]:visible").all():
            owner.fill("on-call")
        for due in page.locator("[name=due]:visible").all():
            due.fill("2031-05-30")
        expect(page.locator("[data-saved]")).to_contain_text("Saved at")
        expect(page.locator(".check")).to_contain_text("The postmortem is complete")
        page.reload()
        expect(page.get_by_label("Resolution")).to_have_value("It was rolled back.")
        expect(page.get_by_label("Owner").first).to_have_value("on-call")
