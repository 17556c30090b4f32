"""Pictures of the views that name a cause: of a made-up incident, so that they spoil none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from labctl.room.views import VIEWS
from tests.browser.conftest import SLOW_MS
from tests.browser.pictures import MOST_BYTES, SCREEN, SPOILING, Pictures
from tests.support.made_room import MadeRoom
from tests.support.room_ended import ended

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Pictures:
    return Pictures.asked_for(tmp_path_factory.mktemp("pictures"))


@pytest.fixture(scope="module")
def page(browser: Browser, made: MadeRoom) -> Iterator[Page]:
    with browser.new_context(viewport=SCREEN) as context:  # type: ignore[arg-type]
        found = context.new_page()
        found.set_default_timeout(3 * SLOW_MS)
        found.goto(made.way_in)
        yield found


@pytest.mark.parametrize("name", SPOILING)
def test_a_view_that_names_a_cause_is_taken_of_a_made_up_one(
    page: Page, made: MadeRoom, pictures: Pictures, name: str
) -> None:
    view = next(each for each in VIEWS if each.name == name)
    with pytest.MonkeyPatch.context() as patch:
        if name != "answer":  # which is open while the incident is
            ended(patch, made.lab)
        page.goto(made.at(name))
        page.wait_for_selector("h1")
        files = pictures.view(page, view)
    assert len({each.read_bytes() for each in files}) == 2
    assert all(each.stat().st_size < MOST_BYTES for each in files)
