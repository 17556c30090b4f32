"""Answers written piece by piece: what is stored never has to fit into memory at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack

from flask import Response

CHUNK_BYTES = 65_536


def chunks(pieces: Iterable[str]) -> Iterator[bytes]:
    """Join small pieces, so that each does not become a packet of its own."""
    waiting: list[bytes] = []
    size = 0
    for piece in pieces:
        part = piece.encode()
        waiting.append(part)
        size += len(part)
        if size >= CHUNK_BYTES:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join(waiting)


def response(make: Callable[[ExitStack], Iterable[str]]) -> Response:
    """Return the JSON that `make` writes; what it puts on the stack stays open until the answer is sent or given up.

    What `make` raises before it returns is raised here, while an error can still become an answer of its own.
    """
    with ExitStack() as stack:
        answer = Response(chunks(make(stack)), content_type="application/json")
        answer.call_on_close(stack.pop_all().close)
        return answer
