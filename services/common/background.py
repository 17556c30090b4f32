"""A thread that repeats a step, when it is woken or after an interval, until it is stopped."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

_log = logging.getLogger(__name__)


class BackgroundLoop:
    """Runs `step` at least every `every` seconds; a step that fails is logged and tried again next time."""

    def __init__(self, name: str, step: Callable[[], object], *, every: float) -> None:
        self._name = name
        self._step = step
        self._every = every
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def wake(self) -> None:
        """Ask for a step now."""
        self._wake.set()

    def stop(self, timeout: float = 2.0) -> None:
        """Let the current step end, run a last one if it was asked for, and end the thread."""
        self._stopping.set()
        self._wake.set()
        self._thread.join(timeout)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.wait(self._every)
            self._wake.clear()
            self._one_step()

    def _one_step(self) -> None:
        # Nothing above catches an error: a step that raises must not end the thread.
        try:
            self._step()
        except Exception:
            _log.exception("background step failed", extra={"loop": self._name})
