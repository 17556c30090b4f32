"""Every route of the hub, asked for by everybody there is: who is let in is what the route says, and nobody else."""

from __future__ import annotations

from contextlib import closing

import pytest
from werkzeug.exceptions import HTTPException

from labctl.gameday.web import front
from labctl.gameday.web.site import Access, access_of
from labctl.room.door import READING
from tests.support.hub_world import HERE, ORIGIN, ROLES, Hub

BLUE, RED = "blue", "red"
ALLOWED = {
    Access.SOMEBODY: {"member", "other", "instructor", "terminal", "other terminal"},
    Access.TEAM: {"member", "instructor", "terminal"},
    Access.MEMBER: {"member", "terminal"},
    Access.INSTRUCTOR: {"instructor"},
}
KNOWN = ALLOWED[Access.SOMEBODY]
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND")


def paths(hub: Hub) -> list[str]:
    """Return the address of every route, for the team blue."""
    values = {"team": BLUE, "code": "no-code-at-all", "rest": "changes", "name": "hub.css", "number": "1"}
    found: set[str] = set()
    for rule in hub.app.url_map.iter_rules():
        parts = (values[text] if dynamic else text for dynamic, text in rule._trace)
        found.add("".join(parts).replace("|", ""))
    return sorted(found)


def endpoint_of(hub: Hub, path: str, method: str) -> str:
    """Return what an address leads to when it is asked with a method; empty for nothing."""
    try:
        return str(hub.app.url_map.bind("127.0.0.1:8080").match(path, method)[0])
    except HTTPException:
        return ""


def test_every_route_says_whom_it_lets_in(hub: Hub) -> None:
    assert {"/", "/join/no-code-at-all", "/t/blue/", "/t/blue/changes", "/hub/blue/bar"} < set(paths(hub))
    silent = [endpoint for endpoint, view in hub.app.view_functions.items() if access_of(view) is None]
    assert silent == []


@pytest.mark.parametrize("role", ROLES)
def test_every_route_for_everybody(hub: Hub, role: str) -> None:
    client, headers = hub.role(role)
    for path in paths(hub):
        for method in METHODS:
            if path in ("/leave", "/api/v1/logout") and method == "POST":
                continue  # it would end the session that the others are asked with
            hub.app.extensions["gameday"].quotas.reads._left.clear()
            with closing(client.open(path, method=method, base_url=ORIGIN, headers={**HERE, **headers})) as answer:
                status = answer.status_code
            endpoint = endpoint_of(hub, path, method)
            told = f"{role}: {method} {path} gave {status}"
            if not endpoint or method not in front.METHODS:
                assert status == 405, told
            elif not expected(access_of(hub.app.view_functions[endpoint]), role, method):
                assert status == (403 if role in KNOWN else 401), told
            elif method in READING:
                assert status in (200, 302, 303, 304, 404), told
            else:
                assert status != 401, told


def expected(access: Access | None, role: str, method: str) -> bool:
    """Whether this one may ask for it at all."""
    if access is None or access is Access.OPEN:
        return access is Access.OPEN
    if access is Access.TEAM and role == "instructor" and method not in READING:
        return False
    return role in ALLOWED[access]


def test_a_team_that_is_not_there_is_nobodys(hub: Hub) -> None:
    client, _ = hub.role("member")
    for path in ("/t/nobody/", "/t/nobody/changes", "/hub/nobody/bar", f"/t/{RED}/", f"/hub/{RED}/bar"):
        assert client.get(path, base_url=ORIGIN).status_code == 403


def test_a_session_of_a_browser_is_no_token_and_the_other_way_round(hub: Hub) -> None:
    _, cookie = hub.let_in(BLUE, "Ada")
    token = hub.terminal(BLUE, "Ada")["Authorization"].removeprefix("Bearer ")
    client = hub.client()
    assert (
        client.get("/hub/blue/bar", base_url=ORIGIN, headers={"Authorization": f"Bearer {cookie}"}).status_code == 401
    )
    client.set_cookie("gameday", token, domain="127.0.0.1")
    assert client.get("/hub/blue/bar", base_url=ORIGIN).status_code == 401


def test_what_was_refused_is_in_the_audit_log(hub: Hub) -> None:
    client, _ = hub.role("other")
    client.get("/t/blue/changes", base_url=ORIGIN)
    last = hub.store.audit.entries()[-1]
    assert (last.what, last.who, last.team, last.detail) == ("refused", "other", "green", "GET /t/blue/changes")
