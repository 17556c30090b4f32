"""gunicorn's settings for every service: one worker with threads, graceful stop, no access log of its own."""

from __future__ import annotations

import gc
import os
import signal
from threading import Event, Thread
from typing import Any

import gunicorn.sock
import gunicorn.util
from gunicorn.errors import HaltServer

from services.common import lifecycle

# The process that starts the worker does not let the sockets listen: the worker does, when its application is there. A
# caller that comes too early is refused, and turns to the next container at once, instead of waiting for the import.
gunicorn.sock.BaseSocket._is_listening = staticmethod(lambda _socket: True)
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
        "json": {"()": "services.common.log_lines.JsonFormatter", "service": os.environ.get("SERVICE_NAME", "")},
    },
    "handlers": {"stdout": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stdout"}},
    "root": {"handlers": ["stdout"], "level": "INFO"},
    "loggers": {"gunicorn.error": {"handlers": [], "level": "INFO", "propagate": True}},
}


def pre_fork(_server: object, _worker: object) -> None:
    """Let the garbage collector leave what is there alone: it would write on every object, and end its being shared."""
    gc.collect()
    gc.freeze()


def post_fork(_server: object, worker: Any) -> None:  # noqa: ANN401 - gunicorn has no types
    """Answer what is no request with a problem document, as the application answers errors.

    Imported by the worker alone, as the application is: what the process that started it had imported would be twice in
    memory, as soon as the worker has counted references to it.
    """
    from services.common import refusal  # noqa: PLC0415

    gunicorn.util.write_error = refusal.write
    worker.loaded = Event()
    Thread(target=_show_life, args=(worker,), daemon=True).start()


def _show_life(worker: Any) -> None:  # noqa: ANN401 - gunicorn has no types
    """Tell the process that started the worker that it lives while it loads: on a busy host that takes a while."""
    while not worker.loaded.wait(worker.cfg.timeout / 4):
        worker.notify()


def post_worker_init(worker: Any) -> None:  # noqa: ANN401 - gunicorn has no types
    """Listen from now on; from SIGTERM on refuse new connections, so that callers turn to the next container at once.

    gunicorn only stops accepting: until its worker ends, the kernel goes on taking connections that nobody will serve.
    """

    def stop(number: int, frame: object) -> None:
        worker.set_accept_enabled(False)
        for listener in worker.sockets:
            listener.close()
        worker.handle_exit(number, frame)

    signal.signal(signal.SIGTERM, stop)
    worker.loaded.set()
    for listener in worker.sockets:
        listener.listen(worker.cfg.backlog)


def child_exit(server: Any, _worker: object) -> None:  # noqa: ANN401 - gunicorn has no types
    """End the server when its worker ended by itself: the platform then restarts the container, and counts it.

    gunicorn would start the next worker silently. Once gunicorn was told to stop, it has no listeners any more.
    """
    if server.LISTENERS:
        raise HaltServer("its worker ended by itself", 1)


def worker_exit(_server: object, _worker: object) -> None:
    """Close pools and threads, and send the telemetry that is still queued."""
    lifecycle.shutdown()
