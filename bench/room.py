"""What the incident room costs: its views in a browser, its searches, its server while a page is kept fresh.

`python -m bench.room LAB` measures it alone, on a lab that runs.
"""

from __future__ import annotations

import gzip
import os
import shutil
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer
from playwright.sync_api import Browser, BrowserContext, Page, Response, sync_playwright

from bench import ending
from bench.budgets import Figure
from labctl.actions import room
from labctl.base import progress
from labctl.base.errors import EngineError, LabStateError
from labctl.base.waiting import pause, wait_until
from labctl.cli import console
from labctl.lab.lab import Lab
from labctl.operate import background
from labctl.room.views import VIEWS

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
TIMES = 5
FRESH_S = 20.0
PAINT_MS, SEARCH_MS, SCRIPT_KB, FRESH_PERCENT = 300, 200, 120, 10
SEARCHES = {
    "lines": "logs?since=15m",
    "lines with a text": "logs?since=15m&grep=payment",
    "patterns of lines": "logs?since=15m&view=patterns",
    "spans": "traces?since=15m",
    "slow spans": "traces?since=15m&min_ms=100",
}
EDITORS = "editor-*.js"
"""What an editor is loaded by: it opens with the view that has one."""
PLAIN = "static/LICENSES.txt"
"""A page that shows a file of the room as it is: what no view can be faster than."""
KEPT_FRESH = ("dashboards", "page")
"""The view that costs most to keep fresh, of those that there are."""
_PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


@dataclass(frozen=True)
class Place:
    """A room that is open: its address, an address that lets one browser in, and its server's process."""

    address: str
    way_in: str
    pid: int


def figures(lab: Lab) -> list[Figure]:
    """Return the figures of a lab's room, which is opened for this; none, and a warning, where no browser is."""
    program = next((path for each in PROGRAMS if (path := shutil.which(each))), None)
    if program is None:
        progress.warn(f"the room is not measured: no browser is here (none of {', '.join(PROGRAMS)})")
        return []
    opened = room.open_room(lab.name)
    try:
        process = background.running(lab.name, background.ROOM)
        if process is None:
            raise LabStateError("the room's process has ended", todo=f"run `labctl room{lab.option}`")
        return measured(Place(opened.address, opened.url, process.pid), program)
    finally:
        room.close_room(lab.name)


def measured(place: Place, program: str) -> list[Figure]:
    """Return the figures of a room that is open, in a browser of its own."""
    with _browser(program) as browser:
        return measured_in(browser, place)


def measured_in(browser: Browser, place: Place) -> list[Figure]:
    """Return the figures of a room that is open, in a browser."""
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        context.new_page().goto(place.way_in)
        return [
            *_paints(context, place),
            _scripts(context, place),
            *_searches(context, place),
            _fresh(context, place),
        ]


@contextmanager
def _browser(program: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # Without a sandbox of its own only where root runs it, which Chromium refuses otherwise.
        arguments = ["--no-sandbox"] if os.getuid() == 0 else []
        started = playwright.chromium.launch(executable_path=program, args=arguments)
        yield started
        started.close()


def _paints(context: BrowserContext, place: Place) -> Iterator[Figure]:
    plain = statistics.median(_painted(context, f"{place.address}{PLAIN}"))
    for view in VIEWS:
        with progress.step(f"first paint of {view.title}"):
            samples = _painted(context, f"{place.address}{view.name}")
        yield Figure(f"room, first paint of {view.title} (a plain file: {plain:.0f} ms)", "ms", samples, PAINT_MS)


def _painted(context: BrowserContext, address: str) -> tuple[float, ...]:
    """Return after how many milliseconds an address showed something, each time in a tab of its own."""
    return tuple(_paint(context, address) for _ in range(TIMES))


def _paint(context: BrowserContext, address: str) -> float:
    page = context.new_page()
    try:
        page.goto(address)
        # Not `wait_for_function`: the room's policy refuses the script that it would wait with.
        return float(wait_until(lambda: page.evaluate(_PAINTED), what="the first paint", timeout=30, interval=0.05))
    finally:
        page.close()


def _scripts(context: BrowserContext, place: Place) -> Figure:
    """Return how much JavaScript all views together load by themselves, compressed."""
    page = context.new_page()
    sizes: dict[str, int] = {}

    def keep(response: Response) -> None:
        path = urlsplit(response.url).path
        if path.endswith(".js"):
            sizes[path] = len(gzip.compress(response.body()))

    page.on("response", keep)
    page.route(f"**/{EDITORS}", lambda route: route.abort())
    _visit(page, place)
    page.close()
    return Figure(
        "room, JavaScript of all views before an editor opens", "kB", (sum(sizes.values()) / 1000,), SCRIPT_KB
    )


def _visit(page: Page, place: Place) -> None:
    for view in VIEWS:
        page.goto(f"{place.address}{view.name}")
        page.wait_for_selector("h1")


def _searches(context: BrowserContext, place: Place) -> Iterator[Figure]:
    cookie = "; ".join(f"{each['name']}={each['value']}" for each in context.cookies(place.address))
    for name, query in SEARCHES.items():
        with progress.step(f"searching {name}"):
            samples = tuple(_answered_ms(f"{place.address}{query}", cookie) for _ in range(TIMES))
        yield Figure(f"room, search over 15 minutes: {name}", "ms", samples, SEARCH_MS)


def _answered_ms(address: str, cookie: str) -> float:
    where = urlsplit(address)
    connection = HTTPConnection(where.hostname or "", where.port, timeout=30)
    began = time.perf_counter()
    try:
        # A part of a page that is only kept fresh: the search is asked as always, and fills no journal.
        connection.request("GET", f"{where.path}?{where.query}", headers={"Cookie": cookie, "X-Refresh": "1"})
        answer = connection.getresponse()
        answer.read()
    finally:
        connection.close()
    if answer.status != 200:
        raise EngineError(f"the room answered {address} with {answer.status}", todo="run the bench again")
    return (time.perf_counter() - began) * 1000


def _fresh(context: BrowserContext, place: Place) -> Figure:
    view = next(each for each in KEPT_FRESH if each in [one.name for one in VIEWS])
    page = context.new_page()
    page.goto(f"{place.address}{view}")
    page.wait_for_selector("#link:has-text('live')")
    with progress.step(f"keeping {view} fresh for {FRESH_S:.0f} s"):
        before = cpu_s(place.pid)
        pause(FRESH_S)
        used = cpu_s(place.pid) - before
    page.close()
    return Figure(f"room, server while {view} is kept fresh", "% of a core", (100 * used / FRESH_S,), FRESH_PERCENT)


def cpu_s(pid: int) -> float:
    """Return the CPU seconds that a process and those that it started have used."""
    own = [each for each in _stats() if pid in (each.pid, each.parent)]
    return sum(each.ticks for each in own) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class _Stat:
    pid: int
    parent: int
    ticks: int


def _stats() -> Iterator[_Stat]:
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text("utf-8").rpartition(")")[2].split()
        except OSError:
            continue  # it has ended meanwhile
        yield _Stat(int(path.parent.name), int(fields[1]), int(fields[11]) + int(fields[12]))


def _rows(found: Sequence[Figure]) -> Iterator[tuple[str, str, str, str]]:
    for each in found:
        yield each.name, f"{each.value:.3g} {each.unit}", f"{each.budget:g} {each.unit}", f"{each.ratio:.2f}"


def main(lab: Annotated[str, typer.Argument(help="A lab that runs.")]) -> None:
    """Measure a lab's room. Takes a minute; the machine should have nothing else to do."""
    console.table(("Figure", "Measured", "Budget", "Ratio"), _rows(figures(Lab.open(lab))))


if __name__ == "__main__":
    ending.run(main)
