from __future__ import annotations

from pathlib import Path

import pytest

from bench.hub import crowd as crowds
from bench.hub.crowd import Crowd, Order
from bench.store import free_port
from labctl.gameday import status
from labctl.gameday.sessions import INSTRUCTOR
from tests.support import hub_world, wsgi_server
from tests.support.http_server import RecordedServer

SECONDS = 15
PLAN = """title: A day
name: day
teams: [{{name: blue}}, {{name: green}}]
drill: first-hour
hub: {{port: {port}, url: "http://127.0.0.1:{port}"}}
"""


def test_learners_come_in_look_things_up_and_hear_of_what_is_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: RecordedServer
) -> None:
    port = free_port()
    with (
        hub_world.serving(tmp_path, monkeypatch, server, PLAN.format(port=port)) as hub,
        wsgi_server.running(hub.app, port=port),
    ):
        link = status.link(hub.store, hub.plan, "blue")
        instructor = status.link(hub.store, hub.plan, INSTRUCTOR)
        order = Order((link, link), instructor, 1, 0, SECONDS, str(tmp_path / "told.json"))
        seen = crowds.come(Crowd(teams=1, learners=2), order, tmp_path)
    assert [(each["name"], each["team"]) for each in sorted(seen["heard"], key=lambda one: one["name"])] == [
        ("Learner 1", "blue"),
        ("Learner 2", "blue"),
    ]
    assert all(each["told"] for each in seen["heard"])
    kinds = {each["name"].partition(":")[0] for each in seen["requests"]}
    assert {"come in", "static files", "look-up", "kept fresh", "the stream", "the matrix"} <= kinds
    wrong = [each for each in seen["requests"] if each["wrong"] and not each["name"].startswith(("look-up", "start"))]
    assert wrong == []
    # What a look-up finds depends on telemetry that is made up here; that the hub and the room know it does not.
    assert [each for each in seen["requests"] if each["wrong"][:3] in ("400", "403", "404", "429")] == []
