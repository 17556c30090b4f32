"""A lab's Redis: settings taken over while it runs, so that neither the cache nor the stream is interrupted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from labctl.docker import Docker
from labctl.errors import EngineError

# redis-cli ends well even when the server refuses: what it printed tells. The password stays out of process lists.
_PROGRAM = ("sh", "-c", 'REDISCLI_AUTH="$REDIS_PASSWORD" exec redis-cli "$@"', "sh")
# No script of Redis's own: Lua would leave its litter in what is measured. Used memory last: the others cost some, too.
_MEASURE = """
export REDISCLI_AUTH="$REDIS_PASSWORD"
redis-cli --scan --pattern "$1" | sed 's/^/MEMORY USAGE /' | redis-cli
redis-cli INFO memory | sed -n 's/^used_memory:/used /p'
"""
ENTRY_BYTES = 40
"""What Redis keeps beside an entry that expires: what says when it does."""
TABLE_BYTES = 2 * 8
"""A place in each of two tables, of the entries and of when they expire. Both double with the entries, and shrink."""


@dataclass(frozen=True)
class Memory:
    """Bytes in use altogether, and those of the entries that may be evicted."""

    used: int
    cached: int


@dataclass(frozen=True)
class RedisServer:
    """The server in one container."""

    docker: Docker
    container: str

    def apply(self, settings: Mapping[str, str]) -> None:
        """Take over settings such as MAXMEMORY=48mb. Raises EngineError when the server refuses one."""
        for name, value in settings.items():
            answer = self.ask("CONFIG", "SET", name.lower().replace("_", "-"), value)
            if answer != "OK":
                raise EngineError(f"Redis refused {name}={value}: {answer}", expected="a value that Redis knows")

    def memory(self, pattern: str) -> Memory:
        """Return what is used, and what of it by the entries whose keys match `pattern`."""
        lines = self.docker.exec(self.container, "sh", "-c", _MEASURE, "sh", pattern).split()
        sizes = [int(line) for line in lines[:-2] if line.isdecimal()]
        return Memory(used=int(lines[-1]), cached=sum(sizes) + _beside(len(sizes)))

    def ask(self, *command: str) -> str:
        """Return what the server answers to a command, a refusal too."""
        return self.docker.exec(self.container, *_PROGRAM, *command).strip()


def _beside(entries: int) -> int:
    """Return the bytes that go with so many entries when they are evicted, beside their own."""
    places = 1 << (entries - 1).bit_length() if entries else 0
    return ENTRY_BYTES * entries + TABLE_BYTES * places
