"""A lab's Redis: settings taken over while it runs, so that neither the cache nor the stream is interrupted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from labctl.base.errors import EngineError
from labctl.docker.docker import Docker

# redis-cli exits with 0 even when the server refuses: only its output tells. The password stays out of process lists.
_PROGRAM = ("sh", "-c", 'REDISCLI_AUTH="$REDIS_PASSWORD" exec redis-cli "$@"', "sh")
# Not a script in Lua: Redis would count the script's own memory.
MEASURE = r"""
export REDISCLI_AUTH="$REDIS_PASSWORD"
redis-cli --scan --pattern "$1" | sed 's/^/MEMORY USAGE /' | redis-cli | sed 's/^/entry /'
used='s/^used_memory:([0-9]+).*/used \1/p'
young='s/.* age=[01] .* qbuf=([0-9]+) qbuf-free=([0-9]+) .* tot-mem=([0-9]+) .*/young \3\nshared \1\nshared \2/p'
printf 'INFO memory\nCLIENT LIST\n' | redis-cli | sed -nE "$used; $young"
"""
ENTRY_BYTES = 40
"""What Redis keeps beside an entry for the time at which the entry expires."""


@dataclass(frozen=True)
class Memory:
    """Bytes in use, and the part of them that entries take which may be evicted.

    New clients, redis-cli itself among them, are left out: a connection has 16 kB for replies during its first second
    or two. The buffer that queries are read into is counted: all clients share it.
    """

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
        """Return the memory in use, and the part of it that entries take whose keys match `pattern`.

        Raises EngineError when Redis does not say.
        """
        sizes: dict[str, list[int]] = defaultdict(list)
        for line in self.docker.exec(self.container, "sh", "-c", MEASURE, "sh", pattern).splitlines():
            kind, _, size = line.strip().partition(" ")
            if size.isdecimal():  # an entry that has gone has no size
                sizes[kind].append(int(size))
        if not sizes["used"]:
            raise EngineError("Redis does not say how much memory it uses", todo="look at it: labctl status")
        new_clients = sum(sizes["young"]) - sum(sizes["shared"])
        return Memory(sum(sizes["used"]) - new_clients, sum(sizes["entry"]) + ENTRY_BYTES * len(sizes["entry"]))

    def ask(self, *command: str) -> str:
        """Return the server's answer to a command; a refusal is an answer, too."""
        return self.docker.exec(self.container, *_PROGRAM, *command).strip()
