"""The stream's consumer group: new messages, those that another consumer left behind, and the ones given up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from redis import Redis, ResponseError

DEAD_LETTERS_KEPT = 1000


@dataclass(frozen=True)
class Message:
    """A record of the stream: its id there, its fields."""

    id: str
    fields: Mapping[str, str]


@dataclass(frozen=True)
class StreamSettings:
    """The stream, our group, our name in it, and the dead letters' stream."""

    stream: str
    group: str
    consumer: str
    block_ms: int = 1000

    @property
    def dead(self) -> str:
        """Where messages go that were given up."""
        return f"{self.stream}.dead"


class StreamGroup:
    """All commands raise RedisError when Redis doesn't do them."""

    def __init__(self, redis: Redis, settings: StreamSettings) -> None:
        self._redis: Any = redis  # redis-py types every answer as "awaitable or not"
        self._settings = settings

    def ensure(self) -> None:
        """Create stream and group where they are missing; a new group starts with the oldest message."""
        try:
            self._redis.xgroup_create(self._settings.stream, self._settings.group, id="0", mkstream=True)
        except ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise

    def new(self, count: int) -> list[Message]:
        """Return messages that no consumer was given yet; waits for one for up to `block_ms`."""
        settings = self._settings
        answer = self._redis.xreadgroup(
            settings.group, settings.consumer, {settings.stream: ">"}, count=count, block=settings.block_ms
        )
        return [Message(message_id, fields or {}) for _, found in answer or () for message_id, fields in found]

    def stuck(self, count: int, idle_ms: int) -> list[Message]:
        """Take over messages that were delivered to any consumer `idle_ms` ago and never acknowledged."""
        settings = self._settings
        answer = self._redis.xautoclaim(
            settings.stream, settings.group, settings.consumer, min_idle_time=idle_ms, count=count
        )
        return [Message(message_id, fields or {}) for message_id, fields in answer[1] if message_id is not None]

    def again(self, message: Message) -> Message | None:
        """Take a message that could not be handled once more; None when it was removed or done meanwhile.

        The message stays ours: no other ledger takes it over, and this does not count as a delivery.
        """
        settings = self._settings
        kept = self._redis.xclaim(
            settings.stream, settings.group, settings.consumer, min_idle_time=0, message_ids=[message.id], justid=True
        )
        return message if kept else None

    def deliveries(self, message: Message) -> int:
        """Return how often a message has been delivered; 0 when it is acknowledged or was never delivered."""
        settings = self._settings
        pending = self._redis.xpending_range(settings.stream, settings.group, message.id, message.id, 1)
        return int(pending[0]["times_delivered"]) if pending else 0

    def done(self, message: Message) -> None:
        """Acknowledge a message."""
        self._redis.xack(self._settings.stream, self._settings.group, message.id)

    def give_up(self, message: Message, reason: str) -> None:
        """Move a message to the dead letters, where somebody can look at it."""
        letter = {**message.fields, "original_id": message.id, "reason": reason[:200]}
        with self._redis.pipeline(transaction=True) as pipeline:
            pipeline.xadd(self._settings.dead, letter, maxlen=DEAD_LETTERS_KEPT, approximate=True)
            pipeline.xack(self._settings.stream, self._settings.group, message.id)
            pipeline.execute()

    def backlog(self) -> tuple[int | None, int]:
        """Return how many messages were never delivered (None: Redis can't tell) and how many not acknowledged."""
        for group in self._redis.xinfo_groups(self._settings.stream):
            if group["name"] == self._settings.group:
                lag = group.get("lag")
                return (None if lag is None else int(lag)), int(group["pending"])
        return None, 0

    def trim(self, *, exactly: bool = False) -> int:
        """Drop the messages that every group is done with; return how many it dropped.

        Unless it is done `exactly`, Redis drops whole blocks only, and may keep some dozens.
        """
        groups = self._redis.xinfo_groups(self._settings.stream)
        if not groups:
            return 0
        needed = min((self._needed_from(group) for group in groups), key=_order)
        return int(self._redis.xtrim(self._settings.stream, minid=needed, approximate=not exactly))

    def _needed_from(self, group: Mapping[str, Any]) -> str:
        """Return the id before which a group needs nothing: its oldest open message, or the last that it was given."""
        oldest = self._redis.xpending(self._settings.stream, group["name"])["min"] if group["pending"] else None
        # None as well when the last open message was done in between.
        return str(oldest or group["last-delivered-id"])

    def ping(self) -> None:
        """Raise when Redis doesn't answer."""
        self._redis.ping()


def _order(message_id: str) -> tuple[int, ...]:
    return tuple(int(part) for part in message_id.split("-"))
