"""Try it and the notebook in a real browser, two of them: what one writes, the other sees. The lab is made up."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SLOW_MS
from tests.support.made_room import MadeRoom

pytestmark = pytest.mark.browser
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def pair(browser: Browser, made: MadeRoom) -> Iterator[tuple[Page, Page]]:
    """Two people in the same room: one at a desk, one with a telephone."""
    wrong: list[str] = []
    with (
        browser.new_context(viewport={"width": 1440, "height": 900}) as desk,
        browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark") as telephone,
    ):
        pages = (desk.new_page(), telephone.new_page())
        for each in pages:
            each.on("pageerror", lambda error: wrong.append(str(error)))
            each.on("dialog", lambda dialog: wrong.append(dialog.message))
            each.goto(made.way_in)
        yield pages
    assert wrong == []


def show(page: Page, made: MadeRoom, path: str) -> None:
    page.goto(made.at(path))
    page.wait_for_selector("h1")


def test_what_one_writes_the_other_sees(pair: tuple[Page, Page], made: MadeRoom) -> None:
    one, other = pair
    for each in pair:
        show(each, made, "notebook")
        expect(each.locator("#link")).to_have_text("live", timeout=SLOW_MS)
    one.get_by_label("A hypothesis").fill(f"The pool is too small {HOSTILE}")
    one.keyboard.press("Enter")
    expect(other.locator("#hypotheses")).to_contain_text(HOSTILE, timeout=SLOW_MS)
    other.get_by_label("A note").fill(f"Since 12:03 {HOSTILE}")
    other.keyboard.press("Enter")
    expect(one.locator("#notes")).to_contain_text(HOSTILE, timeout=SLOW_MS)


def test_a_key_pins_what_is_in_sight(pair: tuple[Page, Page], made: MadeRoom) -> None:
    one, other = pair
    show(one, made, "metrics?query=up")
    number = one.locator("#pin .which").inner_text()
    one.keyboard.press("e")
    expect(one.locator("#toast")).to_contain_text(f"Pinned {number} metrics up, 15m to hypothesis 1", timeout=SLOW_MS)
    expect(other.locator("#hypotheses .pieces")).to_contain_text(f"{number} metrics up", timeout=SLOW_MS)
    expect(other.locator(".mark-of")).to_have_text("open")


def test_the_button_follows_what_is_read_into_a_view(pair: tuple[Page, Page], made: MadeRoom) -> None:
    one, _ = pair
    show(one, made, "changes")
    before = one.locator("#pin .which").inner_text()
    one.locator(".change summary").first.click()
    expect(one.locator("#pin .which")).not_to_have_text(before, timeout=SLOW_MS)
    one.get_by_label("Where to pin it").select_option("")
    one.get_by_role("button", name="Pin #").click()
    expect(one.locator("#toast")).to_contain_text("diff", timeout=SLOW_MS)
    expect(one.locator("#toast")).to_contain_text("to the notebook")


def test_a_hypothesis_is_supported(pair: tuple[Page, Page], made: MadeRoom) -> None:
    one, other = pair
    show(one, made, "notebook")
    one.get_by_text("Support or rule out").click()
    one.get_by_label("What shows it").fill("#1")
    one.get_by_role("button", name="Support", exact=True).click()
    for each in pair:
        expect(each.locator(".mark-of")).to_have_text("supported", timeout=SLOW_MS)
    assert other.locator("#hypotheses img").count() == 0


def test_a_request_of_ones_own(pair: tuple[Page, Page], made: MadeRoom) -> None:
    one, _ = pair
    one.keyboard.press("y")
    one.wait_for_selector("form.trying")
    one.get_by_label("Checkout").check()
    expect(one.get_by_label("Payment", exact=True)).to_be_hidden()
    one.get_by_label("Amount, in cents").fill("4200")
    one.get_by_role("button", name="Send").click()
    expect(one.locator(".tried h2")).to_contain_text("Status 201", timeout=SLOW_MS)
    expect(one.locator("#pin .which")).to_have_text(re.compile(r"#\d+"))
    one.locator(".tried").get_by_role("link", name=re.compile("^[0-9a-f]{32}$")).click()
    expect(one.locator(".waterfall .span").first).to_be_visible(timeout=SLOW_MS)


def test_look_ups_are_narrowed(pair: tuple[Page, Page], made: MadeRoom) -> None:
    one, _ = pair
    show(one, made, "notebook/look-ups")
    assert one.locator(".looks tbody tr").count() > 2
    one.get_by_label("Words").fill("v1/checkouts")
    expect(one.locator(".looks tbody tr")).to_have_count(1, timeout=SLOW_MS)


def test_a_step_is_looked_at_before_it_is_taken(pair: tuple[Page, Page], made: MadeRoom) -> None:
    one, _ = pair
    show(one, made, "notebook/mitigations")
    one.locator("#verb-restart summary").click()
    one.locator("#verb-restart").get_by_label("Service").select_option("risk")
    one.locator("#verb-restart").get_by_role("button", name="Review").click()
    expect(one.locator(".review")).to_contain_text("restart risk", timeout=SLOW_MS)
    one.get_by_role("link", name="Leave it").click()
    expect(one.locator("#taken")).to_contain_text("Nothing was done", timeout=SLOW_MS)
