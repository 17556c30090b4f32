"""How long the parts of an incident take."""

from __future__ import annotations

import time
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager


@contextmanager
def timed(seconds: MutableMapping[str, float], part: str) -> Iterator[None]:
    """Write down how many seconds the block took, also when it fails."""
    began = time.monotonic()
    try:
        yield
    finally:
        seconds[part] = round(time.monotonic() - began, 1)
