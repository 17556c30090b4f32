"""What CTFd's releases mended, tried on the hub: the table in docs/gameday.md has a row for each test."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from labctl.gameday.people import MOST_MEMBERS
from labctl.gameday.sessions import INSTRUCTOR
from tests.support.hub_world import HERE, ORIGIN, Hub, get, post

EVIL = "https://evil.example/"


@pytest.mark.parametrize(
    "where", ["//evil.example", "/\\evil.example", EVIL, "javascript:alert(1)", "/%09/evil.example"]
)
def test_nobody_chooses_where_one_is_led(hub: Hub, where: str) -> None:
    code = hub.store.sessions.code("blue")
    for path in (f"/?next={where}", f"/join/{code}?next={where}"):
        client = hub.client()
        answer = post(client, f"/join/{code}?next={where}", {"name": "Ada", "next": where})
        assert answer.headers["Location"] == "/t/blue/"
        assert "evil" not in get(client, path).headers.get("Location", "")


def test_another_host_name_leads_nowhere(hub: Hub) -> None:
    client, _ = hub.let_in("blue", "Ada")
    for host in ("evil.example", "127.0.0.1:8081", "127.0.0.1:8080.evil.example"):
        answer = client.get("/t/blue/", base_url=ORIGIN, headers={"Host": host})
        assert answer.status_code == 421
        assert "evil" not in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": EVIL.rstrip("/")},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {},
        {"Content-Type": "application/json"},
        {"Content-Type": "text/plain"},
    ],
)
def test_no_other_site_changes_anything(hub: Hub, method: str, headers: dict[str, str]) -> None:
    client, _ = hub.let_in("green", "Ada")
    key = hub.key(client, "green")
    before = len(hub.green.asked)
    for path in ("/hub/green/role", "/t/green/notebook/notes", "/leave"):
        answer = client.open(
            path, method=method, base_url=ORIGIN, headers=headers, data=f"role=commander&hub_key={key}"
        )
        assert answer.status_code in (403, 405), path
    assert len(hub.green.asked) == before
    assert hub.store.people.of("green")[0].role is None


def test_a_change_from_here_needs_the_sessions_own_key(hub: Hub) -> None:
    ada, _ = hub.let_in("blue", "Ada")
    grace, _ = hub.let_in("blue", "Grace")
    for key in ("", "0" * 64, hub.key(grace), "\ud800"):
        sent = {**HERE, "X-Hub-Key": key} if key.isascii() else HERE
        answer = ada.post("/hub/blue/role", base_url=ORIGIN, data={"role": "commander"}, headers=sent)
        assert answer.status_code == 403
    assert hub.store.people.of("blue")[0].role is None


def test_nobody_joins_a_team_without_its_code(hub: Hub) -> None:
    code = hub.store.sessions.code("blue")
    eve, _ = hub.let_in("green", "Eve")
    for wrong in ("blue", "", code[:-1], code.upper(), f"{code}%20", "1", "undefined", "null"):
        assert eve.post(f"/join/{wrong}", base_url=ORIGIN, data={"name": "Eve"}, headers=HERE).status_code in (404, 405)
    assert hub.store.people.of("blue") == []


def test_a_name_that_looks_like_anothers_is_that_member_and_no_other_teams(hub: Hub) -> None:
    _, token = hub.let_in("blue", "Ada")
    code = hub.store.sessions.code("green")
    post(hub.client(), f"/join/{code}", {"name": " ada "})
    found = hub.store.sessions.caller(token)
    assert found is not None
    assert found.member is not None
    assert found.member.team == "blue"
    assert len(hub.store.people.of("blue")) == len(hub.store.people.of("green")) == 1
    with_instructor = post(hub.client(), f"/join/{code}", {"name": "instructor"})
    assert with_instructor.headers["Location"] == "/t/green/"


def test_too_long_a_name_costs_nothing(hub: Hub) -> None:
    code = hub.store.sessions.code("blue")
    assert post(hub.client(), f"/join/{code}", {"name": "a" * 60_000}).status_code == 422
    assert post(hub.client(), f"/join/{code}", {"name": "a" * 70_000}).status_code == 413


def test_many_who_join_at_once_are_not_more_than_there_may_be(hub: Hub) -> None:
    code = hub.store.sessions.code("blue")

    def join(number: int) -> int:
        return post(hub.client(), f"/join/{code}", {"name": f"Member {number}"}).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(join, range(MOST_MEMBERS + 8)))
    assert answers.count(303) == MOST_MEMBERS
    assert len(hub.store.people.of("blue")) == MOST_MEMBERS


def test_a_session_that_was_made_up_or_kept_is_none(hub: Hub) -> None:
    client, token = hub.let_in("blue", "Ada")
    fresh = post(client, f"/join/{hub.store.sessions.code('blue')}", {"name": "Ada"})
    assert token not in fresh.headers["Set-Cookie"]  # whoever planted a session does not have the one that comes of it
    for made_up in ("", "x", token[:-1], "a" * 3_000, "1"):
        other = hub.client()
        other.set_cookie("gameday", made_up, domain="127.0.0.1")
        assert get(other, "/hub/blue/bar").status_code == 401
    hub.store.sessions.revoke_member(hub.store.people.of("blue")[0].id)
    assert get(client, "/hub/blue/bar").status_code == 401


def test_no_page_of_a_team_has_another_teams_anything(hub: Hub) -> None:
    ada, _ = hub.let_in("blue", "Ada")
    hub.let_in("green", "Zelda")
    hub.store.messages.send("for green alone", team="green")
    secrets = {hub.store.sessions.code(each) for each in ("blue", "green", INSTRUCTOR)} | {hub.store.secrets.front}
    for path in ("/hub/blue/bar", "/t/blue/page", "/t/blue/changes", "/", "/static/hub.css"):
        with closing(get(ada, path)) as answer:
            text = answer.text
        assert "Zelda" not in text
        assert "for green alone" not in text
        assert not [each for each in secrets if each in text], path


def test_a_page_can_be_drawn_into_no_other_and_runs_no_script_of_its_own(hub: Hub) -> None:
    ada, _ = hub.let_in("blue", "Ada")
    for path in ("/hub/blue/bar", "/join/none", "/t/blue/changes", "/"):
        headers = get(ada, path).headers
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]


def test_a_secure_cookie_where_it_is_served_by_tls(hub: Hub) -> None:
    code = hub.store.sessions.code("blue")
    secure = "https://127.0.0.1:8080"
    answer = hub.client().post(f"/join/{code}", base_url=secure, data={"name": "Ada"}, headers={"Origin": secure})
    assert "Secure" in answer.headers["Set-Cookie"]
