"""A Redis of strings in memory, with expiry noted rather than done, that can be away."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType

from redis.exceptions import ConnectionError as RedisConnectionError


class FakeRedis:
    """What the feature cache uses of a client; `away` makes every command fail."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.expiry: dict[str, int] = {}
        self.away = False

    def get(self, key: str) -> str | None:
        self._reach()
        return self.values.get(key)

    def set(self, key: str, value: str, *, ex: int, nx: bool = False) -> bool | None:
        self._reach()
        if nx and key in self.values:
            return None
        self.values[key], self.expiry[key] = value, ex
        return True

    def pipeline(self, *, transaction: bool) -> FakePipeline:
        return FakePipeline(self)

    def _reach(self) -> None:
        if self.away:
            raise RedisConnectionError("nobody there")


class FakePipeline:
    """Queues SETs until `execute`."""

    def __init__(self, redis: FakeRedis) -> None:
        self._redis = redis
        self._queued: list[Callable[[], bool | None]] = []

    def __enter__(self) -> FakePipeline:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._queued.clear()

    def set(self, key: str, value: str, *, ex: int, nx: bool = False) -> None:
        self._queued.append(lambda: self._redis.set(key, value, ex=ex, nx=nx))

    def execute(self) -> list[bool | None]:
        return [command() for command in self._queued]
