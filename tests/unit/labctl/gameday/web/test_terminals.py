"""A terminal on a game day: labctl's own client, over real HTTP, by way of the hub, to the team's room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from labctl.actions import changes, elsewhere, incident, logbook, login, metrics
from labctl.actions.remote_room import RemoteRoom
from labctl.base.errors import InputError, RemoteError
from labctl.state import login as kept
from tests.support.hub_world import Hub
from tests.support.wsgi_server import running


@pytest.fixture
def room(hub: Hub) -> Iterator[RemoteRoom]:
    with running(hub.app) as url:
        # The port is free by chance: the hub answers to the one of its plan.
        hub.app.wsgi_app = replace(hub.app.wsgi_app, hosts={urlsplit(url).netloc})  # type: ignore[type-var,method-assign]
        assert login.login(url, hub.store.sessions.code("blue"), "ada").team == "blue"
        there = kept.present()
        assert there is not None
        made = RemoteRoom(there)
        with elsewhere.asking(made):
            yield made


def test_a_terminal_works_in_its_teams_room(hub: Hub, room: RemoteRoom) -> None:
    assert incident.page("lab").status == "open"
    assert metrics.values("lab", "sum(queue)").series
    assert hub.room.looked_up == ["metrics"]
    assert logbook.note("lab", "the queue grows").notes[0].text == "the queue grows"
    with pytest.raises(InputError, match="is not a duration"):
        changes.changes("lab", "often")
    assert login.whoami().user == "ada"
    login.logout()
    with pytest.raises(RemoteError, match="does not know this login"):
        incident.page("lab")
