"""gunicorn's settings for every service: one worker with threads, graceful stop, no access log of its own."""

from __future__ import annotations

import gc
import importlib
import os
import signal
from typing import Any

import gunicorn.util
from gunicorn.errors import HaltServer

from services.common import lifecycle, refusal

# What gunicorn refuses before the application sees it is answered as the application would answer.
gunicorn.util.write_error = refusal.write
# A container's own address: what the host publishes is bound to loopback by compose.
bind = f"0.0.0.0:{os.environ.get('PORT', '8080')}"
workers = 1
worker_class = "gthread"
threads = int(os.environ.get("THREADS", "16"))
keepalive = 5
timeout = 30
# A request lives for about a second at most: on SIGTERM everything in flight is answered before the worker ends.
graceful_timeout = 10
# The root file system may be read-only, and the user has no home.
worker_tmp_dir = "/tmp"  # noqa: S108
control_socket_disable = True
accesslog = None
logconfig_dict: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "services.common.logs.JsonFormatter", "service": os.environ.get("SERVICE_NAME", "")},
    },
    "handlers": {"stdout": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stdout"}},
    "root": {"handlers": ["stdout"], "level": "INFO"},
    "loggers": {"gunicorn.error": {"handlers": [], "level": "INFO", "propagate": True}},
}


def on_starting(server: Any) -> None:  # noqa: ANN401 - gunicorn has no types
    """Load the code before the socket is there, so that nobody is made to wait for it.

    A caller that comes too early is refused, and turns to the next container at once. The worker is forked from here:
    nothing is started by loading, only by the function that makes the application.
    """
    importlib.import_module(server.app.app_uri.partition(":")[0])
    # The collector leaves what is loaded alone, so that its memory stays shared with the worker.
    gc.collect()
    gc.freeze()


def post_worker_init(worker: Any) -> None:  # noqa: ANN401 - gunicorn has no types
    """Refuse new connections from SIGTERM on, so that callers turn to the next container at once.

    gunicorn only stops accepting: until its worker ends, the kernel goes on taking connections that nobody will serve.
    """

    def stop(number: int, frame: object) -> None:
        worker.set_accept_enabled(False)
        for listener in worker.sockets:
            listener.close()
        worker.handle_exit(number, frame)

    signal.signal(signal.SIGTERM, stop)


def child_exit(server: Any, _worker: object) -> None:  # noqa: ANN401 - gunicorn has no types
    """End with a worker that ended by itself: the platform then restarts the container, and counts it.

    gunicorn would start the next worker silently. It has no listeners any more once it was told to stop.
    """
    if server.LISTENERS:
        raise HaltServer("its worker ended by itself", 1)


def worker_exit(_server: object, _worker: object) -> None:
    """Close pools and threads, and send the telemetry that is still here."""
    lifecycle.shutdown()
