"""What processes take of this host, by the part that they are of: memory by their share of it, CPU over the time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread

from bench import store
from labctl.base.errors import EngineError
from labctl.operate import background
from labctl.operate.background import Kind

EVERY_S = 5.0


@dataclass(frozen=True)
class Taken:
    """Memory in MB, the most that was seen, and CPU in cores."""

    memory_mb: float
    cores: float
    commands_mb: float = 0.0
    """The most memory that commands had which it started for a moment; not in `memory_mb`."""


@dataclass
class Meter:
    """Looks at processes now and then: each part is the sum of some, and of all that they started."""

    parts: Mapping[str, Sequence[tuple[str, Kind]]]
    """By part: name and kind of each process."""
    _first: dict[str, tuple[float, list[int]]] = field(default_factory=dict)
    _most: dict[str, tuple[float, float]] = field(default_factory=dict)

    def begin(self) -> None:
        """Begin to count."""
        for part in self.parts:
            pids = self._pids(part)
            self._first[part] = _cpu_s(pids), pids
        self.look()

    def look(self) -> None:
        """Look at the memory now."""
        for part in self.parts:
            own, commands = store.memory_mb(*self._pids(part))
            most, most_of_commands = self._most.get(part, (0.0, 0.0))
            self._most[part] = max(own, most), max(commands, most_of_commands)

    def end(self, seconds: float) -> dict[str, Taken]:
        """Return what each part took. Raises EngineError where a process was started again."""
        self.look()
        found = {}
        for part in self.parts:
            before, pids = self._first[part]
            if self._pids(part) != pids:
                raise EngineError(f"a process of {part} was started again meanwhile", expected="one that stays")
            memory, commands = self._most[part]
            found[part] = Taken(memory, (_cpu_s(pids) - before) / seconds, commands)
        return found

    def _pids(self, part: str) -> list[int]:
        running = (background.running(name, kind) for name, kind in self.parts[part])
        return [each.pid for each in running if each is not None]


@contextmanager
def looking(look: Callable[[], None], every_s: float = EVERY_S) -> Iterator[None]:
    """Look now and then, within the block."""
    over = Event()

    def again() -> None:
        while not over.wait(every_s):
            look()

    thread = Thread(target=again, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _cpu_s(pids: Sequence[int]) -> float:
    return store.ticks(*pids) / store.TICKS
