"""The topology in a real browser, the picker on it, and a trace of thousands of spans; the lab is made up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.axe import serious
from tests.browser.conftest import SLOW_MS
from tests.support import topology_telemetry
from tests.support.long_trace import ID, long_trace
from tests.support.made_room import MadeRoom

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", autouse=True)
def _traced(made: MadeRoom) -> None:
    made.server.reply(f"/api/traces/{ID}", {"data": [long_trace(2000)]})


def enter(browser: Browser, made: MadeRoom, **screen: Any) -> BrowserContext:
    context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, "bypass_csp": True, **screen})
    context.set_default_timeout(3 * SLOW_MS)
    context.request.get(made.way_in)
    return context


@pytest.fixture
def page(browser: Browser, made: MadeRoom) -> Iterator[Page]:
    with enter(browser, made) as context:
        yield context.new_page()


def show(page: Page, made: MadeRoom) -> None:
    page.goto(made.at("topology"))
    page.wait_for_selector(".graph .node", timeout=SLOW_MS)


def test_a_part_opens_by_the_keyboard_and_leads_on(page: Page, made: MadeRoom) -> None:
    show(page, made)
    risk = page.locator('[data-id="payments to risk"]')
    expect(risk).to_contain_text("▲ 19.05% err")
    risk.focus()
    page.keyboard.press("Enter")
    card = page.get_by_role("dialog", name="payments → risk")
    expect(card).to_contain_text("more than healthy")
    assert serious(page) == []
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(risk).to_be_focused()
    page.locator('[data-id="ledger"]').click()
    page.get_by_role("dialog", name="ledger").get_by_role("link", name="Logs").click()
    expect(page).to_have_url(re.compile(r"/logs\?service=ledger"))


def test_figures_come_by_themselves_and_leave_the_keyboard_where_it_is(page: Page, made: MadeRoom) -> None:
    show(page, made)
    looked_up = len(made.looked_up)
    edge = page.locator('[data-id="gateway to payments"]')
    edge.focus()
    page.keyboard.press("Enter")
    card = page.get_by_role("dialog", name="gateway → payments")
    before = topology_telemetry.SEEN[topology_telemetry.HTTP]
    now = ("gateway", "payments:8080", (20.0, 19.97, 0.11), (77.0, 77.0, 0.6))
    topology_telemetry.SEEN[topology_telemetry.HTTP] = (now, *before[1:])
    try:
        expect(edge).to_contain_text("▲ 77.0/s", timeout=SLOW_MS)
        expect(card).to_contain_text("77.0/s")
        expect(card.locator("a").first).to_be_focused()
    finally:
        topology_telemetry.SEEN[topology_telemetry.HTTP] = before
    assert len(made.looked_up) == looked_up


def test_on_a_telephone_it_goes_from_the_top_down(browser: Browser, made: MadeRoom) -> None:
    with enter(browser, made, viewport={"width": 390, "height": 844}, color_scheme="dark") as context:
        page = context.new_page()
        show(page, made)
        above, below = (page.locator(f'[data-id="{name}"]').bounding_box() for name in ("gateway", "payments"))
        assert above is not None
        assert below is not None
        assert above["y"] + above["height"] < below["y"]
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.locator('[data-id="payments"]').click()
        expect(page.get_by_role("dialog", name="payments")).to_be_in_viewport()
        assert serious(page) == []


def test_without_scripts_there_is_a_table(browser: Browser, made: MadeRoom) -> None:
    with enter(browser, made, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(made.at("topology"))
        expect(page.locator("figure.graph")).to_be_hidden()
        expect(page.get_by_role("row", name=re.compile("^payments risk HTTP"))).to_contain_text("healthy 12.0/s")


def test_the_component_of_an_answer_is_picked_on_it(page: Page, made: MadeRoom) -> None:
    page.goto(made.at("answer"))
    page.get_by_label("Search in component").fill("nothing like it")
    page.get_by_role("button", name="Pick on the topology").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name=re.compile("^risk-redis")).click()
    expect(dialog).to_be_hidden()
    expect(page.locator('input[name="component"][value="risk-redis"]')).to_be_checked()
    page.keyboard.press("a")
    page.get_by_role("button", name="Pick on the topology").click()
    page.wait_for_selector(".pick .node")
    assert serious(page) == []
    page.keyboard.press("l")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_of_two_thousand_spans_only_those_in_sight_are_drawn(page: Page, made: MadeRoom) -> None:
    page.goto(made.at(f"traces/{ID}"))
    assert page.locator(".span").count() == 2000
    drawn = "[...document.querySelectorAll('.span')].filter(each => getComputedStyle(each).contentVisibility != 'auto')"
    assert page.evaluate(f"{drawn}.length") == 0
