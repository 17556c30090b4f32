"""A queue bounded by weight: offering an item never waits, and a full queue refuses it."""

from __future__ import annotations

from threading import Condition
from typing import Generic, TypeVar

Item = TypeVar("Item")


class BoundedQueue(Generic[Item]):
    """Items in order of arrival, at most `capacity` (bytes) of them waiting; safe between threads."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._changed = Condition()
        self._items: list[Item] = []
        self._weight = 0
        self._closed = False

    @property
    def weight(self) -> int:
        """The weight (bytes) of what waits now."""
        return self._weight

    def offer(self, item: Item, weight: int) -> bool:
        """Add an item; False, and nothing added, when it would not fit or the queue is closed."""
        with self._changed:
            if self._closed or self._weight + weight > self._capacity:
                return False
            self._items.append(item)
            self._weight += weight
            self._changed.notify()
            return True

    def take(self, idle: float, settle: float = 0.0) -> list[Item]:
        """Take everything that waits. Blocks up to `idle` seconds for a first item, then `settle` seconds for more.

        Empty when nothing came in time, or when the queue is closed and drained.
        """
        with self._changed:
            self._changed.wait_for(lambda: bool(self._items) or self._closed, idle)
            if self._items and settle:
                self._changed.wait_for(lambda: self._closed, settle)
            items, self._items, self._weight = self._items, [], 0
            return items

    def close(self) -> None:
        """Refuse new items and wake the thread that takes; items that wait can still be taken."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._closed
