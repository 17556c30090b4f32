"""A consumer group in memory."""

from __future__ import annotations

from services.ledger.stream import Message


class FakeGroup:
    """Delivers what is put into `waiting` and `left_behind`; keeps what became of it. Raises `refusals` first."""

    def __init__(self, *waiting: Message) -> None:
        self.waiting = list(waiting)
        self.left_behind: list[Message] = []
        self.delivered: dict[str, int] = {}
        self.acknowledged: list[str] = []
        self.dead: list[tuple[str, str]] = []
        self.removed: set[str] = set()
        self.refusals: list[Exception] = []
        self.ensured = 0

    def ensure(self) -> None:
        self._refuse()
        self.ensured += 1

    def new(self, count: int) -> list[Message]:
        self._refuse()
        batch, self.waiting = self.waiting[:count], self.waiting[count:]
        return batch

    def stuck(self, count: int, idle_ms: int) -> list[Message]:
        batch, self.left_behind = self.left_behind[:count], self.left_behind[count:]
        return batch

    def again(self, message: Message) -> Message | None:
        self._refuse()
        return None if message.id in self.removed else message

    def deliveries(self, message: Message) -> int:
        return self.delivered.get(message.id, 1)

    def done(self, message: Message) -> None:
        self.acknowledged.append(message.id)

    def give_up(self, message: Message, reason: str) -> None:
        self.dead.append((message.id, reason))

    def _refuse(self) -> None:
        if self.refusals:
            raise self.refusals.pop(0)
