"""Nothing that is sealed reaches the browser before the end: every page that links and forms lead to is read.

It starts at every route that the app has, so that views which are added later are covered without being named.
"""

from __future__ import annotations

import pytest

from labctl.model.fault import Fault
from tests.support.catalogue import FAULTS
from tests.support.fake_incident import open_incident
from tests.support.room_routes import crawl, routes
from tests.support.room_world import PREFIX, Browser, page
from tests.support.telling import ids_in

LATER = {"debrief", "postmortem", "leaderboard", "lab"}
SEALED = ("example-fault", "injected", "undo_log", "injection")
ONE_OF_EACH_CATEGORY = list({fault.category: fault for fault in FAULTS}.values())
MOST_PAGES = 80


def starts(browser: Browser) -> list[str]:
    """The addresses of all routes that can be read."""
    return [f"{PREFIX}{each.path}" for each in routes(browser.client.application) if "GET" in each.methods]


def test_no_page_names_the_fault_or_tells_of_an_injection(browser: Browser) -> None:
    names = set[str]()
    for address, status, text in crawl(
        browser, [*starts(browser), f"{PREFIX}/dashboards/data?begun=2,3,4", f"{PREFIX}/"], MOST_PAGES
    ):
        names.add(address.removeprefix(PREFIX).split("?")[0].split("/")[1])
        if "/static/" in address or address.endswith("openapi.json"):
            continue  # the same for everybody, whatever is open
        assert (status < 500 or status == 502, address) == (True, address)
        assert ([word for word in SEALED if word in text], address) == ([], address)
    assert {
        "page",
        "dashboards",
        "metrics",
        "logs",
        "traces",
        "changes",
        "answer",
        "stream",
        "runbook",
        "bar",
    } | LATER <= names


@pytest.mark.parametrize("fault", ONE_OF_EACH_CATEGORY, ids=lambda each: str(each.category))
def test_whichever_fault_is_open(browser: Browser, fault: Fault) -> None:
    page(browser.lab, open_incident(fault.id))
    wanted = [each for each in starts(browser) if "/static/" not in each and not each.endswith("openapi.json")]
    for address, _, text in crawl(browser, wanted, len(wanted) + 10, of_a_kind=1):
        told = [*ids_in(text, (fault.id,)), *(each for each in (fault.title,) if each in text)]
        assert (told, address) == ([], address)
