"""A hidden incident from its beginning to the next one, entirely in the room. The tests are one story.

Pictures of every view are taken on the way: of those that look at the lab while it is broken, of the rest at the end.
"""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

import pytest
from playwright.sync_api import expect

from labctl.catalogue import catalogue
from labctl.lab.lab import Lab
from labctl.model.fault import Fault
from labctl.operate import background
from labctl.play import incidents
from labctl.room.views import VIEWS
from tests.browser.conftest import SLOW_MS, Tab
from tests.browser.pictures import MOST_BYTES, SCHEMES, SPOILING, Pictures

pytestmark = [pytest.mark.lab, pytest.mark.browser, pytest.mark.timeout(600)]
TRACK = "downstream"
"""Its incidents page at once and on any machine: the tests are of the room, and not of how soon a fault pages."""
PAGE_MS = 300_000
HEAL_MS = 300_000
FIRST_LOOKS = {"metrics": ("Outcomes at the clients", ".plot canvas"), "database": ("Newest payments", ".rowset td")}
"""Views that show nothing before something is asked: a link that asks it, and what has to come."""
AFTERWARDS = ("answer", "debrief", "postmortem", "leaderboard", "lab")


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Pictures:
    return Pictures.asked_for(tmp_path_factory.mktemp("pictures"))


@pytest.fixture(scope="module")
def unseen(tmp_path_factory: pytest.TempPathFactory) -> Pictures:
    """Pictures of what names the cause, which nobody gets to see who may still have to find it."""
    return Pictures(tmp_path_factory.mktemp("unseen"))


def hidden(lab: Lab) -> Fault:
    """Return what is broken: the test looks where no learner can, to play one who finds it out."""
    incident = incidents.latest(lab)
    assert incident is not None
    return catalogue.find(incident.fault)


def test_an_incident_is_begun_in_the_room(tab: Tab) -> None:
    tab.show("Lab")
    tab.page.get_by_label("Track").select_option(TRACK)
    tab.page.get_by_label("Limit").select_option("15m")
    tab.page.get_by_role("button", name="Break the lab").click()
    expect(tab.page.locator(".errand")).to_contain_text("being prepared", timeout=SLOW_MS)
    # What it does meanwhile is in what this expects: a failure tells it.
    expect(tab.page.locator(".errand")).to_contain_text("The incident began", timeout=PAGE_MS)
    expect(tab.page.locator("#bar .severity")).to_have_text(re.compile("page|critical|warning"), timeout=SLOW_MS)


def test_before_the_end_the_debrief_is_shut(tab: Tab, lab: Lab) -> None:
    tab.show("Debrief")
    expect(tab.page.locator("#view")).to_contain_text("is not over")
    assert hidden(lab).id not in tab.page.content()


def test_it_is_looked_into_view_by_view(tab: Tab, pictures: Pictures) -> None:
    for view in VIEWS:
        if view.name not in AFTERWARDS:
            tab.show(view.title)
            if view.name in FIRST_LOOKS:
                link, shown = FIRST_LOOKS[view.name]
                tab.page.get_by_role("link", name=link).click()
                expect(tab.page.locator(shown).first).to_be_visible(timeout=SLOW_MS)
            tab.page.wait_for_timeout(1500)
            assert all(each.stat().st_size < MOST_BYTES for each in pictures.view(tab.page, view))


def test_the_answer_leads_to_the_debrief(tab: Tab, lab: Lab, unseen: Pictures) -> None:
    page, fault = tab.page, hidden(lab)
    tab.show("Answer")
    for part in ("component", "trigger", "mechanism"):
        word = str(getattr(fault.root_cause, part))
        page.get_by_role("radio", name=re.compile(f"^{word} ")).check()
    for each in fault.impact:
        page.get_by_role("checkbox", name=re.compile(f"^{each} ")).check()
    unseen.view(page, next(view for view in VIEWS if view.name == "answer"))
    page.get_by_role("button", name="Review the answer").click()
    page.get_by_role("button", name="Submit").click()
    expect(page.locator("h1")).to_have_text("That is the root cause", timeout=SLOW_MS)
    page.get_by_role("navigation", name="What comes next").get_by_role("link", name="Debrief").click()
    expect(page.locator(".debrief")).to_contain_text(fault.title, timeout=SLOW_MS)


def test_the_debrief_can_be_looked_into(tab: Tab, unseen: Pictures) -> None:
    page = tab.page
    expect(page.locator(".link-plot canvas").first).to_be_visible(timeout=SLOW_MS)
    shown = page.locator(".dots svg").first
    before = shown.get_attribute("viewBox")
    page.get_by_role("button", name="Closer").click()
    assert shown.get_attribute("viewBox") != before
    page.locator(".dots").press("ArrowRight")
    expect(page.locator(".events tr.current")).to_have_count(1)
    expect(page.locator("[data-entry] b")).to_be_visible()
    first = page.locator(".events tr.current").get_attribute("id")
    page.locator(".dots").press("ArrowRight")
    assert page.locator(".events tr.current").get_attribute("id") != first
    page.locator(".dots input[data-lane='look-up']").uncheck()
    expect(page.locator(".events tr[data-of='look-up']").first).to_be_hidden()
    page.locator(".dots input[data-lane='look-up']").check()
    unseen.view(page, next(view for view in VIEWS if view.name == "debrief"))


def test_the_postmortem_is_saved_as_one_types_and_outlives_the_room(tab: Tab, lab: Lab, unseen: Pictures) -> None:
    page = tab.page
    tab.show("Postmortem")
    expect(page.locator(".check")).to_contain_text("Still missing")
    page.get_by_label("Resolution").fill("It was rolled back.")
    expect(page.locator("[data-saved]")).to_contain_text("Saved at", timeout=SLOW_MS)
    process = background.running(lab.name, background.ROOM)
    assert process is not None
    os.killpg(process.pid, signal.SIGKILL)
    for owner in page.locator("[name=owner]:visible").all():
        owner.fill("on-call")
    for due in page.locator("[name=due]:visible").all():
        due.fill("2031-05-30")
    expect(page.locator("[data-saved]")).to_contain_text("trying again", timeout=SLOW_MS)
    background.ensure(lab)  # as any command does
    expect(page.locator("[data-saved]")).to_contain_text("Saved at", timeout=2 * SLOW_MS)
    expect(page.locator(".check")).to_contain_text("The postmortem is complete")
    unseen.view(page, next(view for view in VIEWS if view.name == "postmortem"))
    page.reload()
    expect(page.get_by_label("Resolution")).to_have_value("It was rolled back.")
    expect(page.locator(".check")).to_contain_text("The postmortem is complete")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    text = Path(download.value.path()).read_text("utf-8")
    assert "| on-call | 2031-05-30 |" in text


def test_what_one_writes_another_sees(tab: Tab, other: Tab) -> None:
    other.page.goto(f"{other.address}postmortem")
    expect(other.page.get_by_label("Title")).to_be_visible()
    tab.page.get_by_label("Title").fill("Checkouts failed")
    expect(other.page.get_by_label("Title")).to_have_value("Checkouts failed", timeout=SLOW_MS)


def test_the_lab_is_healed_in_the_room_and_the_result_stands(tab: Tab, lab: Lab, pictures: Pictures) -> None:
    page = tab.page
    tab.show("Lab")
    page.get_by_role("button", name="Heal the lab").click()
    expect(page.locator(".errand")).to_contain_text("Healing the lab", timeout=SLOW_MS)
    tab.show("Debrief")  # which is there while the lab heals
    expect(page.locator(".debrief")).to_be_visible()
    tab.show("Lab")
    expect(page.locator(".errand")).to_contain_text("The lab was healed", timeout=HEAL_MS)
    expect(page.get_by_role("button", name="Break the lab")).to_be_enabled()
    pictures.view(page, next(view for view in VIEWS if view.name == "lab"))
    tab.show("Leaderboard")
    expect(page.locator(".ranks .own").first).to_be_visible()  # others may have solved some here before
    pictures.view(page, next(view for view in VIEWS if view.name == "leaderboard"))


def test_every_view_has_its_pictures(pictures: Pictures, unseen: Pictures) -> None:
    files = {each.name: each for folder in (pictures.folder, unseen.folder) for each in folder.glob("room-*.png")}
    assert {f"room-{view.name}-{scheme}.png" for view in VIEWS for scheme in SCHEMES} <= set(files)
    assert all(each.stat().st_size < MOST_BYTES for each in files.values())
    assert {each.name.split("-")[1] for each in unseen.folder.glob("*")} == set(SPOILING)
