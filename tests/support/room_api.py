"""A terminal that asks a room's API, without a network between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from labctl.actions import status
from labctl.lab.lab import Lab
from tests.support import schemas
from tests.support.room_world import ORIGIN, PREFIX, Browser

API = f"{PREFIX}/api/v1"


@dataclass
class Terminal:
    """Somebody at a terminal elsewhere; `headers` say who it is."""

    app: Flask
    lab: Lab
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, action: str, given: object = None, **headers: str) -> TestResponse:
        """Ask for an action."""
        client = self.app.test_client(use_cookies=False)
        sent = {**self.headers, **headers}
        return client.post(f"{API}/{action}", json={} if given is None else given, headers=sent, base_url=ORIGIN)

    def answer(self, action: str, /, **given: object) -> dict[str, Any]:
        """Return the answer of an action, which has the documented form."""
        response = self.ask(action, given)
        assert response.status_code == 200, response.text
        document = dict(response.json or {})
        schemas.validate(document)
        return document

    def login(self, code: str = "", name: str = "") -> TestResponse:
        """Log in by a code, by a new one where none is given."""
        response = self.ask("login", {"code": code or self.lab.store.room.mint(), "name": name})
        if response.status_code == 200:
            self.headers["Authorization"] = f"Bearer {dict(response.json or {})['token']}"
        return response


def terminal(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Return a terminal that is logged in to a browser's room, whose Prometheus knows no steady state."""
    monkeypatch.setattr(status, "_readings", lambda _lab, _incident: [])
    made = Terminal(browser.client.application, browser.lab)
    assert made.login(name="ada").status_code == 200
    return made
