"""The room of a made-up lab, on a real port: what a browser opens where no containers are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.store import free_port
from labctl.lab.lab import Lab
from labctl.operate import background
from labctl.state.journal import LOOK_UP
from tests.support import room_world
from tests.support.http_server import RecordedServer, serving
from tests.support.room_world import PREFIX, make_browser
from tests.support.wsgi_server import running


@dataclass(frozen=True)
class MadeRoom:
    """Where it is, the lab that it shows, and the server that answers in place of the lab's telemetry."""

    origin: str
    lab: Lab
    server: RecordedServer

    def at(self, path: str = "") -> str:
        """Return the address of a view."""
        return f"{self.origin}{PREFIX}/{path.removeprefix('/')}"

    @property
    def way_in(self) -> str:
        """An address that lets one browser in."""
        return self.at(f"enter?token={self.lab.store.room.mint()}")

    @property
    def looked_up(self) -> list[str]:
        """The commands of the look-ups in the journal."""
        return [entry.payload["command"] for entry in self.lab.store.journal.entries(kind=LOOK_UP)]


@contextmanager
def made_room(folder: Path) -> Iterator[MadeRoom]:
    """Serve the room of a lab in trouble until the block ends; no daemon of Docker is asked meanwhile."""
    port = free_port()
    with pytest.MonkeyPatch.context() as patch, serving() as server:
        patch.setenv("LABCTL_STATE_DIR", str(folder / "state"))
        patch.setenv("DOCKER_HOST", f"unix://{folder}/no-daemon")
        patch.setattr(background, "start", lambda *_: None)
        patch.setattr(room_world, "HOST", f"127.0.0.1:{port}")
        patch.setattr(room_world, "ORIGIN", f"http://127.0.0.1:{port}")
        made = make_browser(folder, patch, server)
        with running(made.client.application, port=port) as origin:
            yield MadeRoom(origin, made.lab, server)
