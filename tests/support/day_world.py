"""A game day whose labs are made up: two teams with an open incident each, a spare, and who asks its hub."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from labctl.actions import room
from labctl.gameday import plan as plans
from labctl.gameday.model import LabSeat, State
from labctl.gameday.plan import Plan
from labctl.gameday.sessions import INSTRUCTOR
from labctl.gameday.store import DayStore
from labctl.gameday.web.app import create_app
from labctl.health import steady_state
from labctl.lab.lab import Lab
from labctl.lookups.database import ObserverDatabase
from labctl.model.incident import Incident
from labctl.play import stored
from tests.support import room_database
from tests.support.fake_incident import open_incident
from tests.support.fake_lab import make_lab
from tests.support.http_server import RecordedServer
from tests.support.room_telemetry import record
from tests.support.room_world import page

HOST = "127.0.0.1:8080"
ORIGIN = f"http://{HOST}"
SAME = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
TEAMS = ("blue", "red")
BODY: dict[str, Any] = {"fault": "example-fault", "seed": 7, "fog": "", "limit": "1200s", "drill": "day"}
TEXT = """
title: A day
name: day
teams:
  - name: blue
  - name: red
incidents:
  - fault: example-fault
    limit: 20m
  - fault: example-fault
    limit: 20m
curveballs:
  - {at: 5m, from: Head of sales, text: "When is it over?"}
  - {at: 20s, from: Ticket 4711, text: My card is declined., team: red, answer: no}
"""


@dataclass(repr=False)
class Visitor:
    """Somebody with a browser at the hub."""

    client: FlaskClient

    def get(self, path: str, **headers: str) -> TestResponse:
        """Ask for a page."""
        return self.client.get(path, base_url=ORIGIN, headers=headers)

    def post(self, path: str, form: Mapping[str, object] | None = None, *, key: str | None = None) -> TestResponse:
        """Send a form with the key that the instructor's page has, or another one."""
        sent = {"hub_key": self.key() if key is None else key, **(form or {})}
        return self.client.post(path, data=sent, base_url=ORIGIN, headers=SAME)

    def key(self) -> str:
        """Return the key that changes need."""
        found = re.search(r'name="hub_key" value="([0-9a-f]+)"', self.get("/instructor/").text)
        return found[1] if found else ""


@dataclass(repr=False)
class Day:
    """The game day."""

    store: DayStore
    plan: Plan
    app: Flask
    labs: dict[str, Lab]

    def visitor(self, code: str = "", name: str = "") -> Visitor:
        """Return somebody who came in by a code, or who did not."""
        found = Visitor(self.app.test_client())
        if code:
            found.client.post(f"/join/{code}", data={"name": name}, base_url=ORIGIN, headers=SAME)
        return found

    @property
    def instructor(self) -> Visitor:
        """The instructor."""
        return self.visitor(self.store.sessions.code(INSTRUCTOR))

    def incident(self, lab: str) -> Incident:
        """Return a lab's incident, as it is written."""
        found = stored.latest_of(self.labs[lab].store.documents)
        assert found is not None
        return found

    def begin(self, number: int = 1) -> None:
        """Let a round begin: an incident that pages in each team's lab."""
        self.store.incidents.begin_round(number, BODY, self.store.labs.teams())
        for each in self.store.incidents.of(number):
            mine = replace(open_incident(), id=f"INC-{number:04d}", limit_s=1200.0, hidden=True)
            page(self.labs[each.lab], mine)
            self.store.incidents.become(each.id, State.STARTING, at=mine.injected_at)
            assert mine.page is not None
            self.store.incidents.become(each.id, State.PAGED, at=mine.page.at, incident=mine.id)


def make_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: RecordedServer, text: str = TEXT) -> Day:
    """Make the game day, its labs with made-up telemetry, and its hub."""
    monkeypatch.setattr(ObserverDatabase, "run", room_database.run)
    record(server)
    monkeypatch.setattr(steady_state, "check", lambda *_: [])
    # A room that is opened anew has another port, which tells the path that it is below.
    monkeypatch.setattr(room, "open_behind", lambda _lab, prefix, _front: 22000 + len(prefix))
    plan = plans.read(text, "the plan")
    store = DayStore(plan.name)
    store.prepare()
    store.set("plan", plans.to_document(plan))
    labs: dict[str, Lab] = {}
    seats = [*((plan.lab_of(each.name), each.name) for each in plan.teams), *((each, None) for each in plan.spare_labs)]
    for at, (name, team) in enumerate(seats):
        lab, _ = make_lab(name, tmp_path, monkeypatch)
        ports = replace(lab.record.ports, gateway=server.port, prometheus=server.port, telemetry=server.port)
        lab.store.save(replace(lab.record, ports=ports))
        labs[name] = lab
        store.labs.plan([LabSeat(name, team, 21005 + at, "local", ready=True)])
    app = create_app(store, plan)
    app.testing = True
    return Day(store, plan, app, labs)
