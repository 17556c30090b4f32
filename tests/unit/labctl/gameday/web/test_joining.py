from __future__ import annotations

import re

import pytest

from labctl.gameday.sessions import INSTRUCTOR
from labctl.gameday.web.quotas import FAILURES
from tests.support.hub_world import ORIGIN, Hub, bearer, get, post, told


def test_a_link_asks_for_a_name_and_then_one_is_in(hub: Hub) -> None:
    code, client = hub.store.sessions.code("blue"), hub.client()
    page = get(client, f"/join/{code}")
    assert "You join the team <strong>blue</strong>" in page.text
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "no-referrer" not in page.text  # with it, a browser says that the form comes from nowhere
    answer = post(client, f"/join/{code}", {"name": " Zoë  O'Neill "})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/t/blue/")
    cookie = answer.headers["Set-Cookie"]
    assert all(each in cookie for each in ("HttpOnly", "SameSite=Strict", "Path=/"))
    assert "Secure" not in cookie  # it is not served by TLS here
    assert get(client, "/t/blue/changes").status_code == 200
    assert [each.name for each in hub.store.people.of("blue")] == ["Zoë O'Neill"]


def test_only_those_whom_the_plan_names_join_where_it_names_any(hub: Hub) -> None:
    code = hub.store.sessions.code("red")
    assert 'value="Lea"' in get(hub.client(), f"/join/{code}").text
    refused = post(hub.client(), f"/join/{code}", {"name": "Eve"})
    assert refused.status_code == 422
    assert "not in this team" in refused.text
    assert post(hub.client(), f"/join/{code}", {"name": "lea"}).status_code == 303


def test_reading_a_link_uses_nothing_up(hub: Hub) -> None:
    code = hub.store.sessions.code("blue")
    for _ in range(3):
        get(hub.client(), f"/join/{code}")
    assert hub.store.people.of("blue") == []


def test_the_instructor_comes_in_by_a_link_too(hub: Hub) -> None:
    code, client = hub.store.sessions.code(INSTRUCTOR), hub.client()
    assert post(client, f"/join/{code}").headers["Location"] == "/instructor/"
    assert get(client, "/instructor/").status_code == 200
    assert get(client, "/").headers["Location"] == "/instructor/"


def test_a_wrong_code_is_nobodys_and_few_can_be_tried(hub: Hub) -> None:
    client = hub.client()
    tried = [get(client, f"/join/{number:022}").status_code for number in range(int(FAILURES.burst) + 10)]
    assert tried[0] == 404
    assert tried[-1] == 429
    # Others at the same address are not kept out by that.
    assert get(client, f"/join/{hub.store.sessions.code('blue')}").status_code == 200


def test_leaving_ends_the_session_wherever_its_cookie_is(hub: Hub) -> None:
    client, token = hub.let_in("blue", "Ada")
    key = hub.key(client)
    assert post(client, "/leave").status_code == 403
    assert post(client, "/leave", {"hub_key": key}).status_code == 303
    assert hub.store.sessions.caller(token) is None


def test_a_terminal_logs_in_and_out(hub: Hub) -> None:
    code = hub.store.sessions.code("green")
    found = told(hub.client().post("/api/v1/login", base_url=ORIGIN, json={"code": code, "name": "Ada"}))
    assert (found["user"], found["team"], found["api"]) == ("Ada", "green", f"{ORIGIN}/t/green/api/v1")
    client = hub.client()
    assert client.get("/t/green/api/v1/page", base_url=ORIGIN, headers=bearer(found["token"])).status_code == 200
    assert (
        client.post("/t/green/api/v1/notes", base_url=ORIGIN, json={}, headers=bearer(found["token"])).status_code
        == 200
    )
    assert client.get("/t/blue/api/v1/page", base_url=ORIGIN, headers=bearer(found["token"])).status_code == 403
    assert client.post("/api/v1/logout", base_url=ORIGIN, headers=bearer(found["token"])).status_code == 204
    assert client.get("/t/green/api/v1/page", base_url=ORIGIN, headers=bearer(found["token"])).status_code == 401


@pytest.mark.parametrize("body", [[], {}, {"code": 1, "name": "x"}, {"code": "x"}, {"code": "x", "name": ["a"]}])
def test_what_is_no_login_is_told_so_in_json(hub: Hub, body: object) -> None:
    answer = hub.client().post("/api/v1/login", base_url=ORIGIN, json=body)
    assert answer.status_code == 400
    assert told(answer)["error"]["what"]


def test_a_login_with_a_wrong_code_is_refused(hub: Hub) -> None:
    answer = hub.client().post("/api/v1/login", base_url=ORIGIN, json={"code": "wrong", "name": "Eve"})
    assert answer.status_code == 401
    assert hub.store.audit.entries()[-1].what == "wrong code"


def test_the_instructor_has_no_terminal(hub: Hub) -> None:
    body = {"code": hub.store.sessions.code(INSTRUCTOR), "name": "x"}
    assert hub.client().post("/api/v1/login", base_url=ORIGIN, json=body).status_code == 403


def test_a_name_is_shown_and_never_run(hub: Hub) -> None:
    code = hub.store.sessions.code("blue")
    answer = post(hub.client(), f"/join/{code}", {"name": '"><script>alert(1)</script>'})
    assert answer.status_code == 422
    assert "<script>" not in answer.text
    assert re.search(r'value="&#34;&gt;&lt;script&gt;', answer.text)
