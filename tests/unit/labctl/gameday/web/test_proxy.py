from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from labctl.gameday.web import presence, proxy, quotas, upstream
from labctl.gameday.web.site import Site
from tests.support.hub_world import HERE, ORIGIN, Hub, get, post, told


def site_of(hub: Hub) -> Site:
    found: Site = hub.app.extensions["gameday"]
    return found


def test_a_member_is_in_their_teams_room(hub: Hub) -> None:
    client, _ = hub.let_in("blue", "Ada")
    answer = get(client, "/t/blue/changes")
    assert answer.status_code == 200
    assert 'href="/t/blue/logs"' in answer.text
    assert 'hx-get="/hub/blue/bar"' in answer.text
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_a_change_needs_the_rooms_own_key(hub: Hub) -> None:
    client, _ = hub.let_in("blue", "Ada")
    page = get(client, "/t/blue/notebook").text
    key = page.partition('"X-Change-Key": "')[2].partition('"')[0]
    assert len(key) == 64
    form = {"text": "the cache is cold", "change_key": key}
    assert post(client, "/t/blue/notebook/notes", {**form, "change_key": "no"}).status_code == 403
    other, _ = hub.let_in("blue", "Grace")
    assert post(other, "/t/blue/notebook/notes", form).status_code == 403


def test_the_room_hears_from_the_hub_who_asks_and_nothing_that_somebody_makes_up(hub: Hub) -> None:
    client, _ = hub.let_in("green", "Zoë")
    lies = {
        "X-Room-User": "instructor",
        "X-Room-Front": "guess",
        "X-Room-Via": "terminal",
        "X-Forwarded-For": "1.1.1.1",
        "Connection": "X-Room-User, keep-alive",
        "Authorization-X": "1",
        "Proxy-Authorization": "Basic eA==",
        "Cookie2": "x",
        "X-Secret": "x",
        "TE": "trailers",
    }
    assert get(client, "/t/green/logs?since=5m", lies).text == "hello"
    heard = hub.green.asked[-1]
    assert heard["target"] == "/t/green/logs?since=5m"
    assert heard["headers"]["x-room-user"] == "Zo%C3%AB"
    assert heard["headers"]["x-room-front"] == hub.store.secrets.front
    assert heard["headers"]["x-room-via"] == "browser"
    assert heard["headers"]["x-room-bar"] == "/hub/green/bar"
    assert heard["headers"]["connection"] == "close"
    allowed = {
        "host",
        "connection",
        "content-length",
        "x-room-user",
        "x-room-front",
        "x-room-via",
        "x-room-bar",
        "user-agent",
    }
    assert set(heard["headers"]) <= allowed


def test_a_terminals_look_ups_are_seen_and_its_changes_audited(hub: Hub) -> None:
    terminal, client = hub.terminal("green", "Ada"), hub.client()
    for path in ("logs", "note"):
        assert client.post(f"/t/green/api/v1/{path}", base_url=ORIGIN, json={}, headers=terminal).status_code == 200
    grace, _ = hub.let_in("green", "Grace")
    assert "looks at Logs" in get(grace, "/hub/green/bar").text
    assert [each.detail for each in hub.store.audit.entries() if each.what == "change"] == ["POST api/v1/note"]


def test_a_terminal_is_told_from_a_browser(hub: Hub) -> None:
    answer = hub.client().get("/t/green/api/v1/logs", base_url=ORIGIN, headers=hub.terminal("green", "Ada"))
    assert answer.text == "hello"
    assert hub.green.asked[-1]["headers"]["x-room-via"] == "terminal"
    assert "authorization" not in hub.green.asked[-1]["headers"]


def test_a_body_is_handed_on_whole_and_with_its_length(hub: Hub) -> None:
    client, _ = hub.let_in("green", "Ada")
    assert post(client, "/t/green/notebook/notes", {"text": "a\r\nb"}).status_code == 200
    assert hub.green.asked[-1]["body"] == b"text=a%0D%0Ab"
    assert client.post("/t/green/x", base_url=ORIGIN, data=b"a" * 70_000, headers=HERE).status_code == 413


def test_what_a_room_says_of_the_connection_or_for_the_hub_is_not_handed_back(hub: Hub) -> None:
    hub.green.headers = [
        ("Content-Type", "text/plain"),
        ("Set-Cookie", "gameday=stolen; Path=/"),
        ("Clear-Site-Data", '"*"'),
        ("X-Look-Up", "7"),
        ("ETag", '"1"'),
    ]
    client, token = hub.let_in("green", "Ada")
    answer = get(client, "/t/green/logs")
    assert answer.headers["X-Look-Up"] == "7"
    assert answer.headers["ETag"] == '"1"'
    assert not {"Set-Cookie", "Clear-Site-Data", "Server"} & set(answer.headers.keys())
    assert client.get_cookie("gameday", domain="127.0.0.1").value == token  # type: ignore[union-attr]


def test_the_instructor_looks_and_leaves_no_look_up(hub: Hub) -> None:
    client = hub.instructor()
    assert get(client, "/t/green/logs").status_code == 200
    assert hub.green.asked[-1]["headers"]["x-room-via"] == "watching"
    assert post(client, "/t/green/notebook/notes", {"text": "x"}).status_code == 403
    assert get(client, "/t/blue/changes").status_code == 200
    assert hub.room.looked_up == []
    member, _ = hub.let_in("blue", "Ada")
    get(member, "/t/blue/changes")
    assert hub.room.looked_up == ["changes"]


def test_letters_of_any_script_in_a_header_are_handed_on(hub: Hub) -> None:
    client, _ = hub.let_in("green", "Ada")
    assert get(client, "/t/green/logs", {"User-Agent": "Zo\u00eb/1.0", "HX-Prompt": "\u00fc"}).status_code == 200
    assert hub.green.asked[-1]["headers"]["user-agent"] == "Zo\u00eb/1.0"
    assert get(client, "/t/green/logs", {"HX-Prompt": "a\x00b"}).status_code == 422


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
def test_an_answer_without_a_body_has_no_length(hub: Hub, status: str) -> None:
    hub.green.status, hub.green.answer, hub.green.headers = status, (), [("ETag", '"1"')]
    client, _ = hub.let_in("green", "Ada")
    answer = get(client, "/t/green/logs")
    assert (answer.status_code, answer.headers.get("Content-Length")) == (int(status[:3]), None)


def test_a_room_that_is_not_there_is_told_of(hub: Hub) -> None:
    hub.store.labs.ready("day-green", 9)
    client, _ = hub.let_in("green", "Ada")
    answer = get(client, "/t/green/logs", {"Accept": "application/json"})
    assert answer.status_code == 502
    assert "does not answer" in told(answer)["error"]["what"]


def test_a_stream_comes_as_it_is_made_with_the_teams_news_in_it(hub: Hub) -> None:
    client, _ = hub.let_in("blue", "Ada")
    with client.get("/t/blue/stream", base_url=ORIGIN) as answer:
        assert answer.mimetype == "text/event-stream"
        pieces = answer.iter_encoded()
        first = until(pieces, b"event: team")
        assert b"retry: 1000" in first
        site_of(hub).presence.ring("blue")
        assert b"event: team\ndata: {}\n\n" in until(pieces, b"event: team")


def until(pieces: Iterator[bytes], wanted: bytes) -> bytes:
    found = b""
    ends = time.monotonic() + 60
    for piece in pieces:
        found += piece
        if wanted in found:
            return found
        assert time.monotonic() < ends, found
    raise AssertionError(found)


def test_an_event_of_the_hub_never_breaks_one_of_the_rooms() -> None:
    class Quiet:
        def version(self, _team: str) -> int:
            self.count = getattr(self, "count", 0) + 1
            return self.count

    class Store:
        class sessions:  # noqa: N801 - it stands for an attribute
            @staticmethod
            def still(_number: int) -> bool:
                return True

    site = type("OneSite", (), {"presence": Quiet(), "store": Store()})()
    asked = type("Somebody", (), {"member": None, "session": 1})()
    pieces = iter([b"retry: 1000\n\n", b"event: inc", b"ident\nda", b"", b"ta: {}\n\n", b""])
    whole = b"".join(proxy.events(site, asked, "blue", pieces))
    assert b"event: incident\ndata: {}\n\n" in whole


def test_a_stream_ends_with_its_session(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upstream, "TICK_S", 0.01)
    client, _ = hub.let_in("blue", "Ada")
    with client.get("/t/blue/stream", base_url=ORIGIN) as answer:
        pieces = answer.iter_encoded()
        until(pieces, b"event: team")
        hub.store.sessions.revoke_team("blue")
        assert b"".join(pieces) is not None  # it ends by itself
    assert site_of(hub).quotas._teams["blue"].streams.total() == 0


def test_nobody_has_more_streams_than_their_share(hub: Hub) -> None:
    client, _ = hub.let_in("blue", "Ada")
    open_ones = [client.get("/t/blue/stream", base_url=ORIGIN) for _ in range(quotas.STREAMS_EACH)]
    try:
        assert client.get("/t/blue/stream", base_url=ORIGIN).status_code == 503
    finally:
        for each in open_ones:
            each.close()
    assert site_of(hub).quotas._teams["blue"].streams.total() == 0


def test_what_a_member_looks_at_is_seen_by_the_others(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "MOVES_S", 0.0)
    ada, _ = hub.let_in("blue", "Ada")
    grace, _ = hub.let_in("blue", "Grace")
    before = site_of(hub).presence.version("blue")
    get(ada, "/t/blue/changes")
    assert site_of(hub).presence.version("blue") > before
    assert "looks at Changes" in get(grace, "/hub/blue/bar").text
    get(ada, "/t/blue/logs", {"X-Refresh": "1"})
    assert "looks at Changes" in get(grace, "/hub/blue/bar").text
