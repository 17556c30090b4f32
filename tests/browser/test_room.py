"""An incident in the room, from the page to the verdict, as somebody at a browser meets it. The tests are one story."""

from __future__ import annotations

import os
import re
import signal
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import expect

from bench.room import cpu_s
from labctl.actions import incident, live, logbook, looking
from labctl.base.waiting import wait_until
from labctl.lab.lab import Lab
from labctl.model.fault import Fault
from labctl.operate import background
from labctl.room.views import VIEWS
from tests.browser.conftest import SLOW_MS, Tab

pytestmark = [pytest.mark.lab, pytest.mark.browser, pytest.mark.timeout(600)]
HOSTILE = "<img src=//evil.example/x onerror=alert(1)>"
MORE_HOSTILE = (
    "\"'><script>alert(1)</script>",
    "<svg/onload=alert(1)>",
    "javascript:alert(1)",
    "</details><b id=pwned>",
)
HIDDEN = "Object.defineProperty(document, 'hidden', {value: %s, configurable: true});"
SAID = "document.dispatchEvent(new Event('visibilitychange'))"
UNSEEN_MS = 6_000
MEANWHILE = "Written while nobody served this room"
MARKUP = "#view img:not(.cm-widgetBuffer), #view #pwned, #view script, #view iframe"
"""What a text must not become; an editor has images of its own, which show nothing."""


def test_before_an_incident_all_is_calm(tab: Tab, other: Tab) -> None:
    for each in (tab, other):
        expect(each.page.locator("#bar .calm, #bar .over")).to_be_visible()  # others may have had incidents here
        expect(each.page.locator("#link")).to_have_text("live", timeout=SLOW_MS)


def test_the_page_comes_to_everybody_who_looks(tab: Tab, other: Tab, lab: Lab, fault: Fault) -> None:
    started = incident.start(lab.name, fault.id)
    assert started.page is not None
    for each in (tab, other):
        expect(each.page.locator("#bar strong")).to_have_text(started.page.summary, timeout=SLOW_MS)
        expect(each.page.locator("#view")).to_contain_text("firing since", timeout=SLOW_MS)
    first = tab.page.locator("[data-clock=up]").inner_text()
    expect(tab.page.locator("[data-clock=up]")).not_to_have_text(first, timeout=SLOW_MS)


def test_an_update_reaches_the_other(tab: Tab, other: Tab) -> None:
    tab.page.get_by_label("To those who wait").fill(f"Checkouts fail {HOSTILE}")
    tab.page.get_by_role("button", name="Send update").click()
    expect(tab.page.locator(".said-list")).to_contain_text(HOSTILE)
    expect(other.page.locator(".said-list")).to_contain_text(HOSTILE, timeout=SLOW_MS)


def test_changes_by_component_with_their_differences(tab: Tab) -> None:
    tab.show("Changes")
    everything = tab.page.locator(".change").count()
    component = tab.page.locator(".change .component").last.inner_text()
    tab.page.get_by_label("Component").select_option(component)
    expect(tab.page).to_have_url(re.compile(f"component={component}"))
    expect(tab.page.locator(".change .component").first).to_have_text(component)
    assert set(tab.page.locator(".change .component").all_inner_texts()) == {component}
    assert 0 < tab.page.locator(".change").count() <= everything
    # A colleague's change that comes meanwhile must not close what somebody reads.
    change = tab.page.locator(".change").first
    change.locator("summary").click()
    expect(change.locator(".difference .empty, .difference table")).to_be_visible()


def test_what_clients_send_is_text_in_logs_and_traces(tab: Tab, lab: Lab) -> None:
    gateway = lab.addresses.gateway
    for text in (HOSTILE, *MORE_HOSTILE):
        key = {"Idempotency-Key": text, "User-Agent": text, "X-Request-Id": text}
        body = {"merchant_id": text, "customer_id": text, "currency": text}
        httpx.post(f"{gateway}/v1/checkouts", json=body, headers=key, trust_env=False)
        httpx.get(f"{gateway}/v1/payments/{quote(text, safe='')}", headers=key, params={"q": text}, trust_env=False)
    tab.page.wait_for_timeout(4000)  # until telemetry has them
    for view in VIEWS:
        tab.show(view.title)
        for opened in tab.page.locator("#view details:not([open]) > summary").all()[:20]:
            opened.click()
        assert tab.page.locator(MARKUP).count() == 0
        assert tab.page.locator("#view [onerror], #view [onload], #view [href^='javascript:' i]").count() == 0
        assert tab.wrong == []
    tab.show("Logs")
    expect(tab.page.locator(".line").first).to_be_visible()


def test_logs_from_a_line_to_its_trace_and_back(tab: Tab) -> None:
    tab.show("Logs")
    tab.page.get_by_label("Level").select_option("warn")
    expect(tab.page.locator(".line").first).to_be_visible()
    assert tab.page.locator(".histogram rect.level-error, .histogram rect.level-warn").count() > 0
    tab.page.get_by_role("link", name="Patterns").click()
    tab.page.get_by_role("link", name="Put aside").first.click()
    expect(tab.page.locator(".toolbar").first).to_contain_text("put aside")
    tab.page.get_by_role("link", name="Lines", exact=True).click()
    line = tab.page.locator(".line:has(a:text-is('Trace'))").first
    line.locator("summary").click()
    line.get_by_role("button", name="Before and after").click()
    expect(line.locator(".around-lines .this").first).to_be_visible()
    line.get_by_role("link", name="Trace", exact=True).click()
    expect(tab.page.locator(".waterfall .span").first).to_be_visible()
    tab.page.get_by_role("link", name="Logs of this trace").click()
    expect(tab.page.locator(".line").first).to_be_visible()


def test_the_live_tail_brings_each_line_once(tab: Tab) -> None:
    tab.show("Logs")
    tab.page.get_by_role("button", name="Live tail").click()
    expect(tab.page.locator(".line.fresh").nth(5)).to_be_attached(timeout=SLOW_MS)
    ids = tab.page.locator(".line").evaluate_all("lines => lines.map(line => line.id)")
    assert len(ids) == len(set(ids))


def test_a_query_is_drawn(tab: Tab) -> None:
    tab.show("Metrics")
    tab.page.get_by_role("link", name="Outcomes at the clients").click()
    expect(tab.page.locator(".plot canvas")).to_be_visible(timeout=SLOW_MS)
    expect(tab.page.locator(".figures")).to_contain_text("outcome=ok")


def test_a_room_that_was_killed_comes_back_with_everybody_in_it_and_nothing_lost(tab: Tab, lab: Lab) -> None:
    tab.show("Page")
    expect(tab.page.locator("#link")).to_have_text("live", timeout=SLOW_MS)
    tab.page.evaluate("heard = []; document.body.addEventListener('room:logbook', () => heard.push('logbook'))")
    process = background.running(lab.name, background.ROOM)
    assert process is not None
    os.killpg(process.pid, signal.SIGKILL)
    expect(tab.page.locator("#link")).to_contain_text(re.compile(r"no answer since \d\d:\d\d:\d\d"), timeout=SLOW_MS)
    wait_until(lambda: background.running(lab.name, background.ROOM) is None, what="its end", timeout=20)
    logbook.update(lab.name, MEANWHILE)
    looking.look(lab.name, "changes")  # as any command does: it brings the room back
    expect(tab.page.locator("#link")).to_have_text("live", timeout=2 * SLOW_MS)
    expect(tab.page.locator(".said-list").get_by_text(MEANWHILE)).to_have_count(1, timeout=SLOW_MS)
    assert tab.page.evaluate("heard") == ["logbook"]  # by the tab that was there before, once


def test_a_tab_that_nobody_sees_asks_for_nothing(tab: Tab, lab: Lab) -> None:
    tab.page.evaluate(f"heard = []; {HIDDEN % 'true'} {SAID}")
    asked: list[str] = []
    tab.page.on("request", lambda each: asked.append(each.url))
    process = background.running(lab.name, background.ROOM)
    assert process is not None
    tab.page.wait_for_timeout(3000)  # until its stream has found out
    before = cpu_s(process.pid)
    logbook.update(lab.name, "Nobody sees this yet")
    tab.page.wait_for_timeout(UNSEEN_MS)
    assert asked == []
    assert cpu_s(process.pid) - before < 0.05 * UNSEEN_MS / 1000  # another tab is open, and seen
    tab.page.evaluate(f"{HIDDEN % 'false'} {SAID}")
    expect(tab.page.locator(".said-list")).to_contain_text("Nobody sees this yet", timeout=SLOW_MS)
    assert tab.page.evaluate("heard") == ["logbook"]


def test_what_is_away_is_said_with_since_when(tab: Tab, lab: Lab) -> None:
    container = lab.stack.container("prometheus")
    lab.stack.docker.run("pause", container.id)
    try:
        expect(tab.page.locator("#away")).to_contain_text(f"{live.PROMETHEUS} has not answered since", timeout=40_000)
    finally:
        lab.stack.docker.run("unpause", container.id)
    expect(tab.page.locator("#away")).to_be_hidden(timeout=40_000)


def test_the_answer_from_search_to_verdict_by_keyboard(tab: Tab, other: Tab, fault: Fault) -> None:
    page, cause = tab.page, fault.root_cause
    page.keyboard.press("a")
    page.wait_for_selector("form.answer")
    for part, word in (("component", cause.component), ("trigger", cause.trigger), ("mechanism", cause.mechanism)):
        page.get_by_label(f"Search in {part}").fill(str(word))
        page.keyboard.press("Enter")
    for each in fault.impact:
        page.get_by_role("checkbox", name=re.compile(f"^{each} ")).check()
    page.get_by_role("button", name="Review the answer").click()
    expect(page.locator(".review")).to_contain_text(str(cause.mechanism))
    page.get_by_role("button", name="Submit").click()
    expect(page.locator("h1")).to_have_text("That is the root cause", timeout=SLOW_MS)
    expect(other.page.locator("#bar .severity")).to_have_text("solved", timeout=SLOW_MS)
