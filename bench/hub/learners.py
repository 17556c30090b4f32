"""The learners and their instructor, for Locust: each asks as the browser of somebody does who opened their link.

`python -m bench.hub` runs it. It runs in a process of its own: Locust replaces what the standard library waits with.
"""

from __future__ import annotations

import html
import json
import os
import random
import re
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import gevent  # type: ignore[import-untyped]  # gevent has no types
from gevent.event import Event  # type: ignore[import-untyped]  # as above
from locust import FastHttpUser, constant_pacing, events, task

from bench.hub import looks
from bench.hub.crowd import ORDER, Order
from bench.hub.ear import Ear, Told

RETRY_S = 1.0
"""As long as a page waits before it opens its stream again."""
SILENCE_S = 30.0
"""Longer than a stream is ever silent."""
CUTS_S = (60.0, 180.0)
"""So long after it was opened, a stream is cut off, once in a run: as by a network that goes away."""
NOTE_EVERY = 15
"""One of so many looks is followed by a note."""
CONNECTIONS = 5
"""Of a browser to one host, beside the stream's."""
KEY = re.compile(r"""hx-headers='\{"(X-Change-Key)": "([^"]+)"\}'""")
SEEN = re.compile(r'data-seen="([^"]*)"')
CREW = re.compile(r'<section id="crew"[^>]* hx-get="([^"]+)"')
ASSETS = re.compile(r'(?:src|href)="([^"]*/static/[^"]+)"')
HUB_KEY = re.compile(r'name="(hub_key)" value="([^"]+)"')
FRESH = {"X-Refresh": "1", "HX-Request": "true", "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}
BOOSTED = {"HX-Request": "true", "HX-Boosted": "true", "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}
OPENED = {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"}

order = Order.read(Path(os.environ[ORDER]))
hooks: Any = events
"""Which has no types."""
numbers = count()
requests: list[dict[str, Any]] = []
heard: list[dict[str, Any]] = []


class Day:
    """When it began; its end is told by the clock, as what is imported first may take long."""

    began = float("inf")

    @classmethod
    def is_at(cls, seconds: float) -> bool:
        """Whether so many seconds have passed."""
        return time.time() >= cls.began + seconds


def begin(environment: Any, **_: Any) -> None:  # noqa: ANN401 - Locust's own
    """Begin to count, and end everything after the time that was ordered."""
    Day.began = time.time()

    def end() -> None:
        while not Day.is_at(order.seconds):
            gevent.sleep(0.5)
        environment.runner.quit()

    gevent.spawn(end)


def keep(name: str, response_time: float, exception: Exception | None, response: Any, **_: Any) -> None:  # noqa: ANN401 - Locust's own
    """Keep how long an answer took, and what was wrong with it: Locust has an exception for each status that is."""
    wrong = f"{getattr(response, 'status_code', 0)} {exception}" if exception else ""
    requests.append({"at": time.time(), "name": name, "ms": response_time, "wrong": wrong})


def tell(**_: Any) -> None:  # noqa: ANN401 - as above
    """Write down what was seen."""
    Path(order.told).write_text(json.dumps({"requests": requests, "heard": heard}), "utf-8")


hooks.test_start.add_listener(begin)
hooks.request.add_listener(keep)
hooks.quitting.add_listener(tell)


class Part:
    """A part of a page that asks for itself anew: one request at a time, one more if something was new meanwhile."""

    def __init__(self, ask: Callable[[], object]) -> None:
        self.wanted = Event()
        self.ask = ask
        self.loop = gevent.spawn(self._run)

    def _run(self) -> None:
        while True:
            self.wanted.wait()
            self.wanted.clear()
            self.ask()


class Browser(FastHttpUser):
    """Somebody's browser: a session, a stream beside it."""

    abstract = True
    concurrency = CONNECTIONS
    network_timeout = 60.0
    connection_timeout = 10.0

    def come_in(self, link: str, **form: str) -> str:
        """Open a link, send the form behind it, and return the page that it leads to."""
        path = urlsplit(link).path
        self.client.get(path, name="come in: the link", headers=OPENED)
        own = {"Origin": self.host, "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"}
        page = self.client.post(path, data=form, name="come in: the form", headers=own)
        for asset in dict.fromkeys(ASSETS.findall(page.text or "")):
            self.client.get(html.unescape(asset), name="static files", headers={"Sec-Fetch-Site": "same-origin"})
        return page.text or ""

    def lines(self, path: str, headers: dict[str, str], until: float) -> Iterator[str]:
        """Yield the lines of a stream until it ends, or is cut off at a moment."""
        where = urlsplit(str(self.host))
        cookie = "; ".join(f"{each.name}={each.value}" for each in self.client.cookiejar)
        connection = HTTPConnection(where.hostname or "", where.port, timeout=SILENCE_S)
        sent = {"Cookie": cookie, "Accept": "text/event-stream", "Sec-Fetch-Site": "same-origin", **headers}
        asked = time.time()
        try:
            connection.request("GET", path, headers=sent)
            answer = connection.getresponse()
            self._opened(asked, "" if answer.status == 200 else f"{answer.status} {answer.reason}")
            while answer.status == 200 and time.time() < until and (line := answer.readline()):
                yield line.decode().rstrip("\n")
        except (OSError, HTTPException) as error:
            self._opened(asked, f"0 {error!r}")
        finally:
            connection.close()

    @staticmethod
    def _opened(asked: float, wrong: str) -> None:
        requests.append({"at": asked, "name": "the stream", "ms": (time.time() - asked) * 1000, "wrong": wrong})


class Learner(Browser):
    """A learner: looks something up, and has whatever is open kept up to date by the stream."""

    weight = 1
    wait_time = constant_pacing(order.every_s)

    def on_start(self) -> None:
        """Come in by the team's link."""
        self.number = next(numbers)
        self.random = random.Random(self.number)
        page = self.come_in(order.links[self.number], name=f"Learner {self.number + 1}")
        key, seen, crew = KEY.search(page), SEEN.search(page), CREW.search(page)
        if not (key and seen and crew):
            raise RuntimeError(f"learner {self.number + 1} did not come into a room: {page[:300]}")
        self.key, self.crew_path = key[2], html.unescape(crew[1])
        self.team = self.crew_path.split("/")[2]
        self.room = f"/t/{self.team}/"
        self.open = looks.Look("page", "page")
        self.ear = Ear(html.unescape(seen[1]))
        self.since = time.time()
        self.crew = Part(lambda: self.client.get(self.crew_path, name="kept fresh: the team", headers=FRESH))
        self.bar = Part(lambda: self.client.get(f"{self.room}bar", name="kept fresh: the bar", headers=FRESH))
        self.view = Part(self._again)
        self.crew.wanted.set()
        self.listener = gevent.spawn(self._listen)

    @task
    def look(self) -> None:
        """Look something up; now and then, write a note about it."""
        self.open = looks.draw(self.random)
        self.client.get(self.room + self.open.target, name=f"look-up: {self.open.view}", headers=BOOSTED)
        self.crew.wanted.set()
        if self.random.randrange(NOTE_EVERY) == 0 and Day.is_at(order.start_at_s):
            self._note()

    def _note(self) -> None:
        form = {"change_key": self.key, "text": f"{self.open.view} says something to me"}
        own = {**BOOSTED, "X-Change-Key": self.key, "Origin": self.host}
        with self.client.post(
            f"{self.room}notebook/notes", data=form, name="write a note", headers=own, catch_response=True
        ) as answer:
            if answer.status_code == 409:
                answer.success()  # no incident is open yet

    def _again(self) -> None:
        shown = self.open
        self.client.get(self.room + shown.target, name=f"kept fresh: {shown.view}", headers=FRESH)

    def _listen(self) -> None:
        cut = time.time() + self.random.uniform(*CUTS_S)
        # A browser that connects again by itself sends a header; the page's own script writes it into the address.
        by_header = self.number % 2 == 0
        while not self.ear.ended:
            said = f"?seen={self.ear.last_id}" if self.ear.last_id and not by_header else ""
            header = {"Last-Event-ID": self.ear.last_id} if self.ear.last_id and by_header else {}
            self.ear.begin()
            for line in self.lines(f"{self.room}stream{said}", header, cut):
                topic = self.ear.take(line)
                if topic:
                    self._hear(topic)
            cut = float("inf") if time.time() >= cut else cut
            gevent.sleep(RETRY_S)

    def _hear(self, topic: str) -> None:
        if topic == "team":
            self.crew.wanted.set()
        if topic in looks.BAR:
            self.bar.wanted.set()
        if topic in looks.TRIGGERS.get(self.open.view, ()):
            self.view.wanted.set()

    def on_stop(self) -> None:
        """Leave, and say what was heard."""
        gevent.killall([self.listener, self.crew.loop, self.bar.loop, self.view.loop])
        ear = self.ear
        heard.append(
            {
                **{"name": f"Learner {self.number + 1}", "team": self.team, "since": self.since, "until": time.time()},
                **{"doubles": ear.doubles, "gaps": ear.gaps, "told": [_row(each) for each in ear.told]},
            }
        )


class Instructor(Browser):
    """The instructor: keeps the matrix in sight, and starts the round."""

    fixed_count = 1
    wait_time = constant_pacing(1)

    def on_start(self) -> None:
        """Come in by the instructor's link."""
        page = self.come_in(order.instructor)
        self.key = HUB_KEY.search(page)
        self.started = False
        self.matrix = Part(lambda: self.client.get("/instructor/matrix", name="the matrix", headers=FRESH))
        self.listener = gevent.spawn(self._listen)

    @task
    def begin_round(self) -> None:
        """Start the round for all, once."""
        if self.started or not Day.is_at(order.start_at_s) or self.key is None:
            return
        self.started = True
        own = {"Origin": self.host, "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"}
        form = {self.key[1]: self.key[2], "round": "1"}
        self.client.post("/instructor/start", data=form, name="start the round", headers=own)

    def _listen(self) -> None:
        while True:
            for line in self.lines("/instructor/stream", {}, float("inf")):
                if line.startswith("event: new"):
                    self.matrix.wanted.set()
            gevent.sleep(RETRY_S)

    def on_stop(self) -> None:
        """Leave."""
        gevent.killall([self.listener, self.matrix.loop])


def _row(each: Told) -> list[object]:
    return [each.at, each.topic, each.version]
