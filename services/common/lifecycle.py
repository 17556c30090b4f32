"""What has to be closed when a process ends, in the reverse of the order in which it was opened."""

from __future__ import annotations

import logging
from collections.abc import Callable

_log = logging.getLogger(__name__)
_closers: list[Callable[[], None]] = []


def on_shutdown(close: Callable[[], None]) -> None:
    """Register `close` for the end of the process."""
    _closers.append(close)


def shutdown() -> None:
    """Close everything once; one that fails doesn't keep the others open."""
    while _closers:
        close = _closers.pop()
        try:
            close()
        except Exception:
            _log.exception("a shutdown step failed")
