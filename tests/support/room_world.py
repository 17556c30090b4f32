"""A room in front of a lab whose telemetry is made up, and a browser without a window that asks it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from labctl.lab.addresses import Addresses
from labctl.lab.lab import Lab
from labctl.lookups.database import ObserverDatabase
from labctl.model.incident import Incident
from labctl.model.incident_document import to_document
from labctl.play.stored import KIND
from labctl.room.app import create_app
from labctl.room.identity import ByCookie
from labctl.state.change_feed import NewChange
from labctl.state.journal import LOOK_UP
from tests.support import room_database
from tests.support.fake_incident import open_incident
from tests.support.fake_lab import make_lab
from tests.support.http_server import RecordedServer
from tests.support.room_telemetry import record

PREFIX = "/room/lab"
HOST = "127.0.0.1:21005"
ORIGIN = f"http://{HOST}"
SECRET = "the secret of this room"
HERE = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
DIFF = """--- a/config.env
+++ b/config.env
@@ -1,2 +1,2 @@
 DB_POOL_MAX=3
-FEATURE_CACHE_TTL_SECONDS=3600
+FEATURE_CACHE_TTL_SECONDS=60
"""


@dataclass(repr=False)
class Browser:
    """Asks a room as a browser does: with its cookie, from its own pages."""

    client: FlaskClient
    lab: Lab
    server: RecordedServer

    def get(self, path: str, **headers: str) -> TestResponse:
        """Ask for a page below the prefix."""
        return self.client.get(f"{PREFIX}{path}", headers={**headers}, base_url=ORIGIN)

    def post(self, path: str, form: Mapping[str, object], **headers: str) -> TestResponse:
        """Send a form, with the key that the page it is on has."""
        sent = {"change_key": self.change_key(), **form}
        return self.client.post(f"{PREFIX}{path}", data=sent, headers={**HERE, **headers}, base_url=ORIGIN)

    def enter(self) -> TestResponse:
        """Come in by a one-time token."""
        return self.get(f"/enter?token={self.lab.store.room.mint()}")

    def change_key(self) -> str:
        """Return the key that changes need, as a page has it."""
        found = re.search(r'"X-Change-Key": "([0-9a-f]+)"', self.get("/answer").text)
        return found[1] if found else ""

    @property
    def looked_up(self) -> list[str]:
        """The commands of the look-ups in the journal."""
        return [entry.payload["command"] for entry in self.lab.store.journal.entries(kind=LOOK_UP)]


def make_browser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: RecordedServer, *, inside: bool = True
) -> Browser:
    """Make a lab with an open incident and some changes, its room, and a browser that is in it."""
    lab, _ = make_lab("lab", tmp_path, monkeypatch)
    ports = replace(lab.record.ports, gateway=server.port, prometheus=server.port, telemetry=server.port)
    lab.store.save(replace(lab.record, ports=ports))
    lab.store.room.open(21005)
    record(server)
    monkeypatch.setattr(ObserverDatabase, "run", room_database.run)
    monkeypatch.setattr(Addresses, "password", lambda *_: "of nobody")
    page(lab)
    for component, author in (("risk", "c.meyer"), ("payments", "a.okafor")):
        change = NewChange("configuration", component, f"Tune {component}\nBecause it was time.", "", "", author, DIFF)
        lab.store.changes.add(change)
    app = create_app("lab", PREFIX, ByCookie(SECRET, f"{PREFIX}/", "room"), [HOST])
    app.testing = True
    browser = Browser(app.test_client(), lab, server)
    if inside:
        browser.enter()
    return browser


def page(lab: Lab, incident: Incident | None = None) -> Incident:
    """Put an open incident into a lab."""
    found = incident or open_incident()
    lab.store.documents.put(KIND, found.id, to_document(found))
    return found
