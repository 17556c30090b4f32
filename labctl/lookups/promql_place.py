"""Where in a query Prometheus finds fault: it says line and column, in the midst of its message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from labctl.base.errors import LookupFailedError
from labctl.lookups.database import place_in

_PLACE = re.compile(r"\b(\d{1,6}):(\d{1,6}): parse error: ")


@contextmanager
def placed(query: str) -> Iterator[None]:
    """Add the line that a refusal is about, with a mark below the place, and the place as a position."""
    try:
        yield
    except LookupFailedError as error:
        position = position_in(error.what, query)
        if position is None:
            raise
        told = LookupFailedError("\n".join([error.what, *place_in(query, position)]))
        told.expected, told.todo, told.position = error.expected, error.todo, position
        raise told from error


def position_in(message: str, query: str) -> int | None:
    """Return the character of a query, from 1, that a message of Prometheus names; it counts columns in bytes."""
    found = _PLACE.search(message)
    if found is None:
        return None
    lines = query.split("\n")
    line, column = int(found[1]), int(found[2])
    if not 1 <= line <= len(lines):
        return None
    before = lines[line - 1].encode("utf-8", "replace")[: max(column - 1, 0)].decode("utf-8", "ignore")
    return sum(len(each) + 1 for each in lines[: line - 1]) + len(before) + 1
