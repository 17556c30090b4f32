"""The hub's server: gunicorn with a thread for each stream and each request that is worked on, in one process."""

from __future__ import annotations

import os
import signal
import socket
import struct
from contextlib import suppress
from threading import Thread
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import ThreadWorker

from labctl.actions import processes
from labctl.base.errors import LabctlError
from labctl.base.waiting import pause
from labctl.gameday import rounds
from labctl.gameday.plan import Plan
from labctl.gameday.store import DayStore
from labctl.gameday.web.app import create_app
from labctl.gameday.web.quotas import IN_FLIGHT, WAITING
from labctl.gameday.web.site import Site
from labctl.room.site import STREAMS

SPARE_THREADS = 24
"""For pages of the hub's own, and whoever has not been let in."""
SLOW_S = 20
"""How long a client may take to send a piece of a request, or to take a piece of an answer."""
CHECK_S = 1.0


class PatientWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Serves clients, and hangs up on those that neither send nor read for a while: they would keep a thread."""

    def enqueue_req(self, conn: Any) -> None:  # noqa: ANN401 - gunicorn's own
        """Limit how long the system waits for a client, which holds whatever the socket's own timeout is set to."""
        limit = struct.pack("ll", SLOW_S, 0)
        with suppress(OSError):  # it has hung up already: reading shows that
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
        super().enqueue_req(conn)


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Serves a game day's hub."""

    def __init__(self, store: DayStore, plan: Plan) -> None:
        self.store = store
        self.plan = plan
        super().__init__()

    def load_config(self) -> None:
        """Set what is not as gunicorn has it."""
        hub, teams = self.plan.hub, len(self.plan.teams)
        host = f"[{hub.bind}]" if ":" in hub.bind else hub.bind
        settings: dict[str, Any] = {
            "bind": [f"{host}:{hub.port}"],
            "workers": 1,
            "worker_class": PatientWorker,
            "threads": threads_for(teams),
            "worker_connections": 4 * threads_for(teams),
            "timeout": 60,
            "graceful_timeout": 1,
            "keepalive": 30,
            "preload_app": True,
            "limit_request_line": 8190,
            "limit_request_fields": 64,
            "limit_request_field_size": 8190,
            "forwarded_allow_ips": "",  # which proxies are trusted, the hub says by itself
            "forwarder_headers": "",
            "control_socket_disable": True,
            "loglevel": "critical",
            "post_worker_init": self._watch,
        }
        if hub.certificate:
            settings |= {"certfile": hub.certificate, "keyfile": hub.key}
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Return the app."""
        self.app = create_app(self.store, self.plan)
        return self.app

    def _watch(self, _worker: object) -> None:
        Thread(target=watch, args=(self.app.extensions["gameday"],), daemon=True).start()


def threads_for(teams: int) -> int:
    """Return how many threads the hub needs, so that no team takes another one's."""
    return teams * (STREAMS + IN_FLIGHT + WAITING) + SPARE_THREADS


def watch(site: Site) -> None:
    """Follow the labs, and keep the keeper, until the game day is gone."""
    while site.store.exists:
        look(site)
        pause(CHECK_S)
    os.kill(os.getppid(), signal.SIGTERM)


def look(site: Site) -> None:
    """Do once what is done every second."""
    try:
        processes.ensure(site.store.name, processes.KEEPER)
        for each in rounds.follow(site.store):
            site.presence.ring(each.team)
    except LabctlError:
        return  # busy, or the disk is full: asked again in a moment
