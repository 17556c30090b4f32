"""A game day from the join link to the report: an instructor and two teams, each in a browser. The tests are one story.

The labs are made up, their rooms and the hub are real: what is played here is the hub, and what the instructor does.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event, Thread

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from labctl.actions import errand, processes
from labctl.actions.answer import moment
from labctl.actions.errand import Asked, Errand
from labctl.gameday import rounds, server
from labctl.gameday.sessions import INSTRUCTOR
from labctl.operate import background
from labctl.play import ending
from labctl.room.app import create_app
from labctl.room.identity import ByFront
from tests.browser.pictures import Pictures
from tests.support.catalogue import use_only
from tests.support.day_world import TEXT, Day, make_day
from tests.support.example_fault import EXAMPLE
from tests.support.fake_incident import open_incident
from tests.support.http_server import serving
from tests.support.room_world import page as put
from tests.support.wsgi_server import running

pytestmark = [pytest.mark.lab, pytest.mark.browser]
SLOW_MS = 20_000
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@dataclass
class Playing:
    """The game day, and who is in it."""

    day: Day
    address: str
    browser: Browser
    folder: Path
    wrong: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def come(self, code: str, name: str = "") -> Page:
        """Come in by a code, in a browser of one's own."""
        context = self.browser.new_context(viewport=WIDE)  # type: ignore[arg-type]
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("console", lambda said: self.wrong.append(said.text) if "Security Policy" in said.text else None)
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(f"{self.address}/join/{code}")
        if name:
            page.get_by_label("Your name").fill(name)
        page.get_by_role("button", name="Come in").click()
        return page

    def take(self, page: Page, name: str, *schemes: str) -> None:
        """Take pictures, and a narrow one, which no page of the documentation shows."""
        Pictures.asked_for(self.folder).take(page, f"gameday-{name}", schemes)
        page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        page.screenshot(path=self.folder / f"gameday-{name}-narrow.png")
        page.set_viewport_size(WIDE)  # type: ignore[arg-type]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _as_if_broken(patch: pytest.MonkeyPatch, day: Day) -> None:
    """Let an incident page at once where one is asked for: nothing here can be broken, or healed."""

    def begin(lab: str, asked: Asked) -> None:
        paged = open_incident()
        assert paged.page is not None
        now = replace(paged, page=replace(paged.page, at=time.time()), limit_s=1200.0, hidden=True, seed=asked.seed)
        put(day.labs[lab], now)

    def done(_lab: str) -> Errand:
        now = moment(2_000_000_000.0)
        return Errand(errand.BREAK, "done", now, now, (), None)

    patch.setattr(errand, "ask_break", begin)
    patch.setattr(errand, "present", done)
    patch.setattr(rounds, "_heal", lambda *_: None)
    patch.setattr(ending, "still_broken", lambda *_: True)
    patch.setattr(ending, "_curves", lambda *_: {})


@pytest.fixture(scope="module")
def playing(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Playing]:
    folder, port, over = tmp_path_factory.mktemp("day"), free_port(), Event()
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("LABCTL_STATE_DIR", str(folder / "state"))
        patch.setenv("DOCKER_HOST", f"unix://{folder}/no-daemon")
        patch.setattr(background, "start", lambda *_: None)
        patch.setattr(processes, "ensure", lambda *_: False)
        use_only(patch, EXAMPLE)
        day = make_day(folder, patch, stack.enter_context(serving()), f"{TEXT}hub:\n  port: {port}\n")
        _as_if_broken(patch, day)
        for team in day.store.labs.teams():
            app = create_app(team.lab, f"/t/{team.name}/", ByFront("its own", day.store.secrets.front))
            at = stack.enter_context(running(app))
            day.store.labs.ready(team.lab, int(at.rpartition(":")[2]))
        found = Playing(day, stack.enter_context(running(day.app, port=port)), browser, folder)
        watch = Thread(target=_watch, args=(day, over))
        watch.start()
        yield found
        over.set()
        watch.join()
        for each in found.contexts:
            each.close()
        assert found.wrong == []


def _watch(day: Day, over: Event) -> None:
    """Follow the labs, as the hub's server does."""
    while not over.wait(0.5):
        server.look(day.app.extensions["gameday"])


@pytest.fixture(scope="module")
def instructor(playing: Playing) -> Page:
    return playing.come(playing.day.store.sessions.code(INSTRUCTOR))


@pytest.fixture(scope="module")
def ada(playing: Playing) -> Page:
    return playing.come(playing.day.store.sessions.code("blue"), "Ada")


@pytest.fixture(scope="module")
def cem(playing: Playing) -> Page:
    return playing.come(playing.day.store.sessions.code("red"), "Cem")


def row(instructor: Page, team: str) -> Locator:
    return instructor.locator(f"tr[data-team={team}]")


def test_the_instructor_sees_who_comes_in(instructor: Page, ada: Page, cem: Page) -> None:
    expect(instructor.locator("h1")).to_have_text("A day")
    for team, name in (("blue", "Ada"), ("red", "Cem")):
        expect(row(instructor, team)).to_contain_text(name, timeout=SLOW_MS)


def test_a_round_begins_for_all_at_one_moment(instructor: Page, ada: Page, cem: Page) -> None:
    instructor.get_by_role("button", name="Start for all").click()
    for team in ("blue", "red"):
        expect(row(instructor, team).locator(".state").first).to_have_text("paged", timeout=SLOW_MS)
    for page in (ada, cem):
        expect(page.locator("#bar")).to_contain_text("Checkouts fail", timeout=SLOW_MS)


def test_what_a_team_looks_at_is_seen_at_once(instructor: Page, ada: Page) -> None:
    ada.get_by_role("navigation").get_by_role("link", name="Changes").click()
    ada.wait_for_selector("#view:has(h1:text-is('Changes'))")
    expect(row(instructor, "blue")).to_contain_text("changes", timeout=SLOW_MS)


def test_a_pause_stops_every_clock(instructor: Page, ada: Page, cem: Page) -> None:
    instructor.get_by_role("button", name="Pause").first.click()
    for page in (ada, cem):
        expect(page.locator("#bar")).to_contain_text("Clock paused", timeout=SLOW_MS)
    stands = ada.locator("#bar dd.big").inner_text()
    ada.wait_for_timeout(1500)
    assert ada.locator("#bar dd.big").inner_text() == stands
    instructor.get_by_role("form", name="For all teams").get_by_role("button", name="Resume").click()
    expect(ada.locator("#bar")).not_to_contain_text("Clock paused", timeout=SLOW_MS)


def test_a_curveball_is_answered(instructor: Page, ada: Page, cem: Page) -> None:
    instructor.get_by_label("To").select_option("blue")
    instructor.get_by_label("From").fill("Head of sales")
    instructor.get_by_label("Text").fill("Can I promise noon?")
    instructor.get_by_role("button", name="Send").click()
    expect(ada.locator("#crew")).to_contain_text("Can I promise noon?", timeout=SLOW_MS)
    ada.locator("#crew").get_by_role("link", name="Answer").click()
    ada.get_by_label("Your answer").fill("Not yet: we know more in ten minutes")
    ada.get_by_role("button", name="Answer", exact=True).click()
    expect(instructor.locator(".messages")).to_contain_text("Not yet", timeout=SLOW_MS)
    assert "Can I promise noon?" not in cem.content()


def test_the_instructor_looks_into_a_room_and_leaves_no_trace(playing: Playing, instructor: Page, ada: Page) -> None:
    journal = playing.day.labs["day-blue"].store.journal
    before = journal.head()
    page = instructor.context.new_page()
    page.goto(f"{playing.address}/t/blue/changes")
    page.wait_for_selector("#view:has(h1:text-is('Changes'))")
    page.goto(f"{playing.address}/t/blue/logs?query=nobody-asked-this")
    page.wait_for_selector("#view h1")
    page.close()
    assert journal.head() == before


def test_the_teams_end_each_in_its_way(playing: Playing, instructor: Page, ada: Page) -> None:
    playing.take(instructor, "matrix", "light", "dark")
    cause = EXAMPLE.root_cause
    ada.get_by_role("navigation").get_by_role("link", name="Answer").click()
    for word in (cause.component, cause.trigger, cause.mechanism):
        ada.locator(f"input[type=radio][value='{word}']").check(force=True)
    for each in EXAMPLE.impact:
        ada.locator(f"input[type=checkbox][value='{each}']").check(force=True)
    ada.get_by_role("button", name="Review the answer").click()
    ada.get_by_role("button", name="Submit").click()
    expect(ada.locator("h1")).to_have_text("That is the root cause", timeout=SLOW_MS)
    expect(row(instructor, "blue").locator(".state").first).to_have_text("solved", timeout=SLOW_MS)
    row(instructor, "red").get_by_role("button", name="End").click()
    expect(row(instructor, "red").locator(".state").first).to_have_text("timed-out", timeout=SLOW_MS)


def test_the_board_is_for_everybody_and_can_be_frozen(playing: Playing, instructor: Page) -> None:
    context = playing.browser.new_context(viewport=WIDE)  # type: ignore[arg-type]
    playing.contexts.append(context)
    projector = context.new_page()
    projector.goto(str(instructor.locator("a[href*='/board/']").get_attribute("href")))
    expect(projector.locator("tbody tr").first).to_contain_text("blue")
    assert "example-fault" not in projector.content()
    playing.take(projector, "board", "dark")
    instructor.get_by_role("button", name="Freeze").click()
    expect(projector.locator(".frozen")).to_contain_text("The board is frozen", timeout=SLOW_MS)
    instructor.get_by_role("button", name="Reveal").click()
    expect(projector.locator(".frozen")).to_have_count(0, timeout=SLOW_MS)


def test_the_report_is_one_page_that_asks_for_nothing(playing: Playing, instructor: Page) -> None:
    with instructor.expect_download() as coming:
        instructor.get_by_role("link", name="One page").click()
    file = playing.folder / "report.html"
    coming.value.save_as(file)
    page = instructor.context.new_page()
    page.on("request", lambda asked: playing.wrong.append(asked.url) if not asked.url.startswith("file:") else None)
    page.goto(file.as_uri())
    expect(page.locator("h1")).to_have_text("A day")
    expect(page.locator("svg")).to_have_count(2)
    expect(page.locator("body")).to_contain_text("Can I promise noon?")
    playing.take(page, "report", "light")
