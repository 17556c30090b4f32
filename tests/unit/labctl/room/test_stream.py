from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.actions.live import TOPICS, Away, Seen
from labctl.base.errors import NotFoundError
from labctl.room import stream
from labctl.room.site import STREAMS
from tests.support.room_world import PREFIX, Browser

SEEN = dict.fromkeys(TOPICS, "0a")


@dataclass
class FakeWatch:
    """Says what a test wants to be seen, the last of it for ever."""

    looks: list[Seen]
    name: str = "lab"
    fails: Callable[[], bool] = field(default=lambda: False)

    def look(self) -> Seen:
        if self.fails():
            raise NotFoundError("lab", "lab", [])
        return self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]


@dataclass(frozen=True)
class Event:
    id: str
    topic: str
    data: str


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "pause", lambda _seconds: None)


def events(watch: FakeWatch, seen: dict[str, str], texts: int) -> Iterator[Event]:
    for text in islice(stream.events(watch, seen), texts):  # type: ignore[arg-type]
        lines = dict(line.partition(": ")[::2] for line in text.strip().splitlines())
        if "event" in lines:
            yield Event(lines.get("id", ""), lines["event"], lines["data"])


def changed(**versions: str) -> Seen:
    return Seen({**SEEN, **versions})


def test_who_has_seen_nothing_gets_every_topic() -> None:
    found = list(events(FakeWatch([Seen(SEEN)]), {}, 1 + len(TOPICS)))
    assert [each.topic for each in found] == list(TOPICS)
    assert stream.parse(found[-1].id) == SEEN


def test_who_has_seen_all_gets_only_what_is_new_and_once() -> None:
    watch = FakeWatch([Seen(SEEN), changed(alerts="1b"), changed(alerts="1b"), changed(alerts="1b", changes="2c")])
    found = list(events(watch, SEEN, 3))
    assert [each.topic for each in found] == ["alerts", "changes"]


@given(st.data())
def test_coming_back_at_any_event_loses_and_doubles_nothing(data: st.DataObject) -> None:
    """However often a tab loses its stream, what it was told is what it would have been told without."""
    steps = data.draw(st.lists(st.sampled_from(TOPICS), min_size=1, max_size=12))
    looks, versions = [], dict(SEEN)
    for number, topic in enumerate(steps, start=1):
        versions = {**versions, topic: f"{number:x}"}
        looks.append(Seen(dict(versions)))
    seen, told = dict(SEEN), []
    for look in looks:
        # A new stream for each look: the tab comes back with the id of the last event that it got.
        ends = data.draw(st.booleans())
        found = list(events(FakeWatch([look]), seen, 2))
        told += [(each.topic, stream.parse(each.id)[each.topic]) for each in found]
        seen = stream.parse(found[-1].id) if found else seen
        if ends:
            seen = stream.parse(stream.written(seen))
    assert told == [(topic, f"{number:x}") for number, topic in enumerate(steps, start=1)]


def test_what_is_away_is_said_with_since_when() -> None:
    away = (Away("Prometheus", datetime(2026, 1, 31, 14, 3, 5, tzinfo=UTC)),)
    (found,) = events(FakeWatch([Seen({**SEEN, "sources": "ff"}, away)]), SEEN, 2)
    assert json.loads(found.data) == [{"source": "Prometheus", "since": "2026-01-31T14:03:05.000Z"}]


def test_it_ends_with_the_lab() -> None:
    texts = list(stream.events(FakeWatch([Seen(SEEN)], fails=lambda: True), SEEN))  # type: ignore[arg-type]
    assert texts[-1].startswith("event: gone")


def test_it_ends_by_itself_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "STREAM_S", -1.0)
    assert list(stream.events(FakeWatch([Seen(SEEN)]), SEEN)) == ["retry: 1000\n\n"]  # type: ignore[arg-type]


def test_a_sign_of_life_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "SIGN_OF_LIFE_S", -1.0)
    assert list(islice(stream.events(FakeWatch([Seen(SEEN)]), SEEN), 2))[1].startswith(":")  # type: ignore[arg-type]


@given(st.text())
def test_an_id_of_anything_is_read(text: str) -> None:
    assert isinstance(stream.parse(text), dict)


def test_the_header_counts_before_the_address(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "STREAM_S", 0.5)
    first = browser.get("/stream").text
    last = [line.removeprefix("id: ") for line in first.splitlines() if line.startswith("id: ")][-1]
    assert "event:" not in browser.get("/stream?seen=alerts=00", **{"Last-Event-ID": last}).text
    assert "event:" not in browser.get(f"/stream?seen={last}").text


def test_too_many_tabs_are_refused_and_a_closed_one_makes_room(browser: Browser) -> None:
    opened = [browser.client.get(f"{PREFIX}/stream", base_url="http://127.0.0.1:21005") for _ in range(STREAMS)]
    assert browser.get("/stream").status_code == 503
    opened[0].close()
    again = browser.client.get(f"{PREFIX}/stream", base_url="http://127.0.0.1:21005")
    assert again.status_code == 200
    for each in (*opened, again):
        each.close()
