"""The topology in a real browser, the picker on it, and a trace of thousands of spans; the lab is made up."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from labctl.operate import background
from tests.support import room_world, topology_telemetry
from tests.support.http_server import serving
from tests.support.long_trace import ID, long_trace
from tests.support.room_world import PREFIX, make_browser
from tests.support.wsgi_server import running

pytestmark = [pytest.mark.lab, pytest.mark.browser]
AXE = Path(__file__).resolve().parents[2] / "room" / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = frozenset({"serious", "critical"})
SLOW_MS = 20_000


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("room")
    with pytest.MonkeyPatch.context() as patch, serving() as server:
        patch.setenv("LABCTL_STATE_DIR", str(folder / "state"))
        patch.setenv("DOCKER_HOST", f"unix://{folder}/no-daemon")
        patch.setattr(background, "start", lambda *_: None)
        port = free_port()
        patch.setattr(room_world, "HOST", f"127.0.0.1:{port}")
        patch.setattr(room_world, "ORIGIN", f"http://127.0.0.1:{port}")
        made = make_browser(folder, patch, server)
        server.reply(f"/api/traces/{ID}", {"data": [long_trace(2000)]})
        with running(made.client.application, port=port):
            yield made


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Wait long for what has to come: a busy machine is slow, which is not what is tested here."""
    expect.set_options(timeout=SLOW_MS)
    yield
    expect.set_options(timeout=5000)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def room(path: str = "") -> str:
    return f"{room_world.ORIGIN}{PREFIX}{path}"


def enter(browser: Browser, world: Any, **screen: Any) -> BrowserContext:
    context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, "bypass_csp": True, **screen})
    context.set_default_timeout(3 * SLOW_MS)
    context.request.get(room(f"/enter?token={world.lab.store.room.mint()}"))
    return context


@pytest.fixture
def page(browser: Browser, world: Any) -> Iterator[Page]:
    with enter(browser, world) as context:
        yield context.new_page()


def show(page: Page) -> None:
    page.goto(room("/topology"))
    page.wait_for_selector(".graph .node", timeout=SLOW_MS)


def serious(page: Page) -> list[Any]:
    if not AXE.exists():
        pytest.skip("axe is not here (make room)")
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run().then(result => result.violations)")
    return [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in SERIOUS]


def test_a_part_opens_by_the_keyboard_and_leads_on(page: Page) -> None:
    show(page)
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


def test_figures_come_by_themselves_and_leave_the_keyboard_where_it_is(page: Page, world: Any) -> None:
    show(page)
    looked_up = len(world.looked_up)
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
    assert len(world.looked_up) == looked_up


def test_on_a_telephone_it_goes_from_the_top_down(browser: Browser, world: Any) -> None:
    with enter(browser, world, viewport={"width": 390, "height": 844}, color_scheme="dark") as context:
        page = context.new_page()
        show(page)
        above, below = (page.locator(f'[data-id="{name}"]').bounding_box() for name in ("gateway", "payments"))
        assert above is not None
        assert below is not None
        assert above["y"] + above["height"] < below["y"]
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.locator('[data-id="payments"]').click()
        expect(page.get_by_role("dialog", name="payments")).to_be_in_viewport()
        assert serious(page) == []


def test_without_scripts_there_is_a_table(browser: Browser, world: Any) -> None:
    with enter(browser, world, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(room("/topology"))
        expect(page.locator("figure.graph")).to_be_hidden()
        expect(page.get_by_role("row", name=re.compile("^payments risk HTTP"))).to_contain_text("healthy 12.0/s")


def test_the_component_of_an_answer_is_picked_on_it(page: Page) -> None:
    page.goto(room("/answer"))
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


def test_of_two_thousand_spans_only_those_in_sight_are_drawn(page: Page) -> None:
    page.goto(room(f"/traces/{ID}"))
    assert page.locator(".span").count() == 2000
    drawn = "[...document.querySelectorAll('.span')].filter(each => getComputedStyle(each).contentVisibility != 'auto')"
    assert page.evaluate(f"{drawn}.length") == 0
