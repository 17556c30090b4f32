"""The editors as somebody at a keyboard meets them, under the policy that every page has. The lab is made up."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.made_room import MadeRoom

pytestmark = pytest.mark.browser
OFFERED = ".cm-tooltip-autocomplete li"


@pytest.fixture(scope="module")
def entered(browser: Browser, made: MadeRoom) -> Iterator[Page]:
    """A page in the room of a made-up lab; whatever goes wrong in it fails the test."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(made.way_in)
        yield page


@pytest.fixture
def page(entered: Page) -> Iterator[Page]:
    wrong: list[str] = []
    entered.on("pageerror", lambda error: wrong.append(str(error)))
    entered.on("console", lambda said: wrong.append(said.text) if "Security Policy" in said.text else None)
    yield entered
    assert wrong == []


def open_editor(page: Page, made: MadeRoom, path: str) -> None:
    page.goto(made.at(path))
    page.wait_for_selector(".editor")
    page.keyboard.press("/")
    expect(page.locator(".cm-content")).to_be_focused()


def test_no_editor_is_loaded_before_there_is_one(page: Page, made: MadeRoom) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(made.at("page"))
    expect(page.locator("#link")).to_have_text("live")
    assert not [each for each in asked if "editor" in each]
    open_editor(page, made, "database")
    assert [each for each in asked if "editor-sql" in each]
    assert not [each for each in asked if "editor-promql" in each]


def test_a_statement_is_completed_and_run_by_keys(page: Page, made: MadeRoom) -> None:
    open_editor(page, made, "database")
    page.keyboard.type("SELECT * FROM pay")
    expect(page.locator(OFFERED).first).to_contain_text("payments")
    page.keyboard.press("Tab")
    expect(page.locator("textarea[name=statement]")).to_have_value("SELECT * FROM payments")
    page.keyboard.type(" p WHERE p.")
    expect(page.locator(OFFERED).first).to_contain_text("id")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".rowset .null").first).to_have_text("NULL")
    expect(page.locator(".cm-content")).to_contain_text("WHERE p.")
    assert "statement=SELECT" in page.url


def test_no_key_is_trapped(page: Page, made: MadeRoom) -> None:
    open_editor(page, made, "database")
    page.keyboard.type("sel")
    expect(page.locator(OFFERED).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(OFFERED)).to_have_count(0)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Run")).to_be_focused()
    assert page.url.endswith("/database")  # letters that were typed opened no other view


def test_an_error_is_marked_where_it_is(page: Page, made: MadeRoom) -> None:
    open_editor(page, made, "database")
    page.keyboard.type("SELECT wrong")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".refused")).to_contain_text("no such thing")
    expect(page.locator(".cm-lintRange-error")).to_have_text("wrong")


def test_a_plan_opens_to_its_facts(page: Page, made: MadeRoom) -> None:
    open_editor(page, made, "database")
    page.keyboard.type("SELECT 1")
    page.get_by_role("button", name="Explain and measure").click()
    step = page.locator(".plan details.costly")
    step.locator("summary").click()
    expect(step).to_contain_text("(amount_minor > 100)")


def test_what_is_open_among_sessions_stays_open_and_fresh(page: Page, made: MadeRoom) -> None:
    page.goto(made.at("database?show=sessions"))
    page.locator("#session-12 summary").click()
    before = page.locator("#sessions .count").inner_text()
    expect(page.locator("#sessions .count")).not_to_have_text(before, timeout=20_000)
    expect(page.locator("#session-12 pre")).to_be_visible()


def test_a_query_is_completed_from_the_room_and_run_by_enter(page: Page, made: MadeRoom) -> None:
    open_editor(page, made, "metrics")
    page.keyboard.type("cache_requ")
    expect(page.locator(OFFERED).first).to_contain_text("cache_requests_total")
    page.keyboard.press("Tab")
    page.keyboard.type('{service="')
    expect(page.locator(OFFERED).first).to_contain_text("gateway")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+a")
    page.keyboard.type("up")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".plot canvas")).to_be_visible()
    assert "query=up" in page.url


def test_what_is_no_promql_is_marked(page: Page, made: MadeRoom) -> None:
    open_editor(page, made, "metrics")
    page.keyboard.type("sum(rate(up))")
    expect(page.locator(".cm-lintRange-error, .cm-lintPoint-error").first).to_be_attached()
