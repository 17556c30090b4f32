"""Graphs as somebody at a mouse or a keyboard meets them: one cursor, one zoom, both colours. The lab is made up."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import SLOW_MS
from tests.support.made_room import MadeRoom

pytestmark = pytest.mark.browser
REFRESHED_MS = 4500
"""Longer than the three seconds after which a dashboard of a quarter of an hour is drawn anew."""
GRAPH = ".cell.timeseries .u-over"


@pytest.fixture(scope="module")
def entered(browser: Browser, made: MadeRoom) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        page = context.new_page()
        page.set_default_timeout(SLOW_MS)
        page.goto(made.way_in)
        yield page


@pytest.fixture
def page(entered: Page, made: MadeRoom) -> Iterator[Page]:
    """The first dashboard, drawn, at the present; whatever goes wrong in it fails the test."""
    wrong: list[str] = []
    entered.on("pageerror", lambda error: wrong.append(str(error)))
    entered.evaluate("sessionStorage.clear()")
    entered.goto(made.at("dashboards"))
    expect(entered.locator(GRAPH).nth(2)).to_be_visible(timeout=SLOW_MS)
    yield entered
    assert wrong == []


def share(graph: Locator) -> float:
    """Return where a graph's cursor is, as a share of its width; negative where it shows none."""
    found: float = graph.evaluate(
        """over => {
          const line = over.querySelector('.u-cursor-x');
          if (line.classList.contains('u-off')) return -1;
          return new DOMMatrix(getComputedStyle(line).transform).e / over.clientWidth;
        }"""
    )
    return found


def put(page: Page, graph: Locator, part: float) -> None:
    """Move the mouse to a part of a graph's width."""
    box = graph.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + part * box["width"], box["y"] + box["height"] / 2, steps=3)


def is_zoomed(page: Page, *, seconds: range) -> None:
    """Look whether address, form, navigation and freshness say the same time, of so many seconds."""
    expect(page).to_have_url(re.compile(r"range=\d+s&.*until=2"), timeout=SLOW_MS)
    found = re.search(r"range=(\d+)s", page.url)
    assert found
    assert int(found[1]) in seconds
    expect(page.locator(".zoomed button")).to_be_visible()
    expect(page.locator("#freshness")).to_have_text(re.compile(r"^\d\d:\d\d:\d\d \S \d\d:\d\d:\d\d$"), timeout=SLOW_MS)
    logs = page.get_by_role("navigation", name="Views").get_by_role("link", name="Logs").get_attribute("href")
    assert f"since={found[1]}s&until=" in (logs or "")


def is_present(page: Page) -> None:
    expect(page.locator(".zoomed")).to_have_count(0)
    expect(page.locator("#freshness")).to_have_text(re.compile("^until .* every 3 s$"), timeout=SLOW_MS)


def test_one_cursor_is_in_all_graphs(page: Page) -> None:
    first, second = page.locator(GRAPH).nth(0), page.locator(GRAPH).nth(1)
    put(page, first, 0.4)
    assert share(first) == pytest.approx(0.4, abs=0.02)
    assert share(second) == pytest.approx(0.4, abs=0.02)
    page.mouse.move(5, 5)
    assert share(second) < 0


def test_dragging_zooms_every_graph_and_a_click_leads_back(page: Page) -> None:
    graph = page.locator(GRAPH).nth(1)
    put(page, graph, 0.25)
    page.mouse.down()
    put(page, graph, 0.5)
    page.wait_for_timeout(REFRESHED_MS)  # what is dragged outlives a refresh
    put(page, graph, 0.75)
    page.mouse.up()
    is_zoomed(page, seconds=range(440, 462))
    page.locator(".zoomed button").click()
    is_present(page)


def test_keys_move_select_and_zoom(page: Page) -> None:
    graph = page.locator(".cell.timeseries .uplot").first
    graph.focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    assert share(graph.locator(".u-over")) == pytest.approx(0.5 + 10 / 60, abs=0.02)
    for _ in range(12):
        page.keyboard.press("Shift+ArrowLeft")
    page.wait_for_timeout(REFRESHED_MS)
    expect(graph).to_be_focused()
    page.keyboard.press("Enter")
    is_zoomed(page, seconds=range(170, 192))
    page.locator(".cell.timeseries .uplot").first.focus()
    page.keyboard.press("Backspace")
    is_present(page)


def test_a_zoom_is_kept_in_other_views(page: Page) -> None:
    graph = page.locator(GRAPH).nth(0)
    put(page, graph, 0.5)
    page.mouse.down()
    put(page, graph, 0.9)
    page.mouse.up()
    is_zoomed(page, seconds=range(350, 372))
    page.get_by_role("navigation", name="Views").get_by_role("link", name="Logs").click()
    expect(page.locator("h1")).to_have_text("Logs")
    expect(page.locator("select[name=since]")).to_have_value(re.compile(r"3[567]\ds"))
    expect(page.locator(".zoomed button")).to_be_visible()


def test_other_colours_draw_it_anew_and_leave_nothing_out(page: Page) -> None:
    panels = page.locator(".cell").count()
    page.emulate_media(color_scheme="dark")
    expect(page.locator(GRAPH).nth(2)).to_be_visible(timeout=SLOW_MS)
    assert page.locator(".cell").count() == panels > 10
    page.emulate_media(color_scheme="light")
    expect(page.locator(GRAPH).nth(2)).to_be_visible(timeout=SLOW_MS)
