"""python -m labctl.gameday.servers LAB: be the server of a lab, for the hub whose secret lies beside its sockets."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from threading import Thread
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from labctl.actions import lab_servers
from labctl.base.waiting import pause
from labctl.gameday.servers import relay
from labctl.gameday.servers.here import Here
from labctl.gameday.servers.opening import Opening
from labctl.gameday.servers.orders import Orders, create_app
from labctl.gameday.servers.relay import Address, Route
from labctl.gameday.servers.server import FRONT, ORDERS, ROOM

LOOPBACK = "127.0.0.1"
THREADS = 16
KEEP_S = 1.0


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Takes orders on a socket that no network reaches, and lets the lab's room be reached by another."""

    def __init__(self, lab: str, folder: Path) -> None:
        self.folder = folder
        self.opening = Opening(lab, folder / FRONT)
        self.orders = Orders(self.opening, Here(lab), Here(lab).onlooker())
        super().__init__()

    def load_config(self) -> None:
        """Set what is not as gunicorn has it."""
        settings: dict[str, Any] = {
            "bind": [f"unix:{self.folder / ORDERS}"],
            "umask": 0o077,
            "workers": 1,
            "worker_class": "gthread",
            "threads": THREADS,
            # What a worker would begin again after its end, the hub asks for anew: it must not be ended for being slow.
            "timeout": 0,
            "graceful_timeout": 1,
            "keepalive": 30,
            "control_socket_disable": True,
            "loglevel": "warning",
            "post_worker_init": self._begin,
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Return the app."""
        return create_app(self.orders, (self.folder / FRONT).read_text("utf-8").strip())

    def _begin(self, _worker: object) -> None:
        Thread(target=self._keep, daemon=True).start()
        Thread(target=lambda: asyncio.run(relay.serve([self._room()])), daemon=True).start()

    def _keep(self) -> None:
        while True:
            self.opening.keep()
            pause(KEEP_S)

    def _room(self) -> Route:
        def where() -> Address | None:
            port = self.opening.port
            return None if port is None else Address(LOOPBACK, port)

        return Route(Address(path=str(self.folder / ROOM)), where)


if __name__ == "__main__":
    lab = sys.argv[1]
    Server(lab, lab_servers.run_folder(lab)).run()
