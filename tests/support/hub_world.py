"""A game day's hub without containers: the team blue has a real room, green's keeps what it was asked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from labctl.gameday import plan as plans
from labctl.gameday.model import BROWSER, TERMINAL, DayState, LabSeat
from labctl.gameday.plan import Plan
from labctl.gameday.store import DayStore
from labctl.gameday.web.app import create_app
from labctl.gameday.web.door import COOKIE
from labctl.room.app import create_app as create_room
from labctl.room.identity import ByFront
from tests.support.http_server import RecordedServer
from tests.support.room_world import Browser, make_browser
from tests.support.wsgi_server import running

ORIGIN = "http://127.0.0.1:8080"
HERE = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
PLAN = """title: A day
name: day
teams:
  - name: blue
  - name: green
  - name: red
    members: [Lea, Max]
drill: first-hour
"""
ROLES = ("nobody", "member", "other", "instructor", "revoked", "terminal", "other terminal", "revoked terminal")
"""Who may ask for what is the team blue's."""


@dataclass
class Echo:
    """A room that keeps what it was asked, and answers with `answer`."""

    asked: list[dict[str, Any]] = field(default_factory=list)
    status: str = "200 OK"
    headers: list[tuple[str, str]] = field(default_factory=lambda: [("Content-Type", "text/plain")])
    answer: Iterable[bytes] = (b"hello",)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        headers = {name[5:].replace("_", "-").lower(): text for name, text in environ.items() if name[:5] == "HTTP_"}
        target = environ.get("RAW_URI") or environ.get("REQUEST_URI")
        self.asked.append({"method": environ["REQUEST_METHOD"], "target": target, "headers": headers, "body": body})
        start_response(self.status, self.headers)
        return self.answer


@dataclass
class Hub:
    """The hub, its file, the room of blue, and that of green."""

    store: DayStore
    plan: Plan
    app: Flask
    room: Browser
    green: Echo
    tokens: dict[str, str] = field(default_factory=dict)

    def client(self) -> FlaskClient:
        """Return a browser that has been nowhere."""
        return self.app.test_client()

    def let_in(self, team: str, name: str) -> tuple[FlaskClient, str]:
        """Return a browser that is in a team, and its token."""
        token = self.store.sessions.begin(self.store.people.join(team, name), BROWSER)
        return with_cookie(self.client(), token), token

    def instructor(self) -> FlaskClient:
        """Return the instructor's browser."""
        return with_cookie(self.client(), self.store.sessions.begin(None))

    def terminal(self, team: str, name: str) -> dict[str, str]:
        """Return the headers of a terminal that is in a team."""
        return bearer(self.store.sessions.begin(self.store.people.join(team, name), TERMINAL))

    def role(self, role: str) -> tuple[FlaskClient, dict[str, str]]:
        """Return a client of one of ROLES, and the headers that it sends."""
        team = "green" if role.startswith("other") else "blue"
        if role == "nobody":
            return self.client(), {}
        if role == "instructor":
            return self.instructor(), {}
        if role.endswith("terminal"):
            headers = self.terminal(team, role)
            if role.startswith("revoked"):
                self.store.sessions.revoke_member(self.store.people.join(team, role).id)
            return self.client(), headers
        client, _ = self.let_in(team, role)
        if role == "revoked":
            self.store.sessions.revoke_member(self.store.people.join(team, role).id)
        return client, {}

    def key(self, client: FlaskClient, team: str = "blue") -> str:
        """Return the key that changes need, as the bar has it."""
        found = re.search(r'name="hub_key" value="([0-9a-f]+)"', get(client, f"/hub/{team}/bar").text)
        return found[1] if found else ""


def with_cookie(client: FlaskClient, token: str) -> FlaskClient:
    """Give a browser the cookie of a session."""
    client.set_cookie(COOKIE, token, domain="127.0.0.1", path="/")
    return client


def bearer(token: str) -> dict[str, str]:
    """Return the header of a terminal."""
    return {"Authorization": f"Bearer {token}"}


def get(client: FlaskClient, path: str, headers: Mapping[str, str] | None = None) -> TestResponse:
    """Ask for a page."""
    return client.get(path, base_url=ORIGIN, headers=dict(headers or {}))


def post(
    client: FlaskClient, path: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> TestResponse:
    """Send a form, as a page of the hub's own does."""
    return client.post(path, base_url=ORIGIN, data=dict(form or {}), headers={**HERE, **(headers or {})})


@contextmanager
def serving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: RecordedServer, text: str = PLAN) -> Iterator[Hub]:
    """Serve the rooms, and make the hub in front of them."""
    plan = plans.read(text, "plan.yaml")
    store = make_store(plan)
    green = Echo()
    browser = make_browser(tmp_path, monkeypatch, server, inside=False)
    front = ByFront("the secret of this room", store.secrets.front)
    room = create_room("lab", f"{plan.hub.prefix}/t/blue", front, ())
    with running(room) as blue_url, running(green) as green_url:
        for lab, url in (("day-blue", blue_url), ("day-green", green_url)):
            store.labs.ready(lab, urlsplit(url).port or 0)
        app = create_app(store, plan)
        app.testing = True
        yield Hub(store, plan, app, browser, green)


def make_store(plan: Plan) -> DayStore:
    """Make the file of a game day."""
    store = DayStore(plan.name)
    store.prepare()
    store.set("plan", plans.to_document(plan))
    store.labs.plan(LabSeat(plan.lab_of(each.name), each.name, 0, "local", ready=False) for each in plan.teams)
    store.labs.plan(LabSeat(each, None, 0, "local", ready=False) for each in plan.spare_labs)
    store.become(DayState.RUNNING)
    return store


def told(answer: TestResponse) -> Any:
    """Return what an answer says as JSON."""
    return json.loads(answer.text)
