"""The server: gunicorn with threads, in one process beside the one that watches over it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from threading import Thread
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from labctl.actions import room as action
from labctl.base.errors import LabctlError
from labctl.base.waiting import pause
from labctl.room.site import STREAMS

THREADS = STREAMS + 8
CHECK_S = 5.0


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Serves an app on loopback. It is made before the worker is, so that both share the memory that it takes."""

    def __init__(self, lab: str, address: str, make: Callable[[], Flask]) -> None:
        self.lab = lab
        self.address = address
        self.make = make
        super().__init__()

    def load_config(self) -> None:
        """Set what is not as gunicorn has it."""
        settings: dict[str, Any] = {
            "bind": [self.address],
            "workers": 1,
            "worker_class": "gthread",
            "threads": THREADS,
            "timeout": 60,
            "graceful_timeout": 1,
            "keepalive": 30,
            "preload_app": True,
            "limit_request_line": 8190,
            "forwarded_allow_ips": "",  # nobody's headers change what a request is
            "forwarder_headers": "",
            "control_socket_disable": True,
            "loglevel": "critical",
            "post_worker_init": lambda _worker: Thread(target=self._end_with_the_lab, daemon=True).start(),
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Return the app."""
        return self.make()

    def _end_with_the_lab(self) -> None:
        while self._is_wanted():
            pause(CHECK_S)
        os.kill(os.getppid(), signal.SIGTERM)

    def _is_wanted(self) -> bool:
        try:
            return action.still_there(self.lab)
        except LabctlError:
            return True  # busy, or the disk is full: asked again in a moment
