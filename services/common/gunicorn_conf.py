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

# When gunicorn itself refuses a request, it answers with a problem document, as the application does.
gunicorn.util.write_error = refusal.write
# All addresses of the container; compose binds the port that the host publishes to loopback. A service that is asked
# from outside, but fed only from inside, has a second port for the questions.
bind = [f"0.0.0.0:{port}" for port in (os.environ.get("PORT", "8080"), os.environ.get("QUERY_PORT", "")) if port]
workers = 1
worker_class = os.environ.get("WORKER_CLASS", "gthread")
threads = int(os.environ.get("THREADS", "16"))
keepalive = 5
timeout = 30
# Longer than any request takes (a checkout has 4 s): on SIGTERM all in flight are answered before the worker ends.
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
    """Import the code before the socket is open, so that no caller waits for the import.

    A caller that comes too early is refused, and turns to the next container at once. The worker is forked from this
    process: importing starts no thread and opens no connection, only the function that makes the application does.
    """
    importlib.import_module(server.app.app_uri.partition(":")[0])
    # The garbage collector leaves what is imported alone, so that this memory stays shared with the worker.
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
    """End the server when its worker ended by itself: the platform then restarts the container, and counts it.

    gunicorn would start the next worker silently. Once gunicorn was told to stop, it has no listeners any more.
    """
    if server.LISTENERS:
        raise HaltServer("its worker ended by itself", 1)


def worker_exit(_server: object, _worker: object) -> None:
    """Close pools and threads, and send the telemetry that is still queued."""
    lifecycle.shutdown()
