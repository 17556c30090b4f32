"""A lab's Redis: settings taken over while it runs, so that neither the cache nor the stream is interrupted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from labctl.base.errors import EngineError
from labctl.docker.docker import Docker

# redis-cli ends well even when the server refuses: what it printed tells. The password stays out of process lists.
_PROGRAM = ("sh", "-c", 'REDISCLI_AUTH="$REDIS_PASSWORD" exec redis-cli "$@"', "sh")
# No script of Redis's own: Lua would leave its litter in what is measured.
MEASURE = r"""
export REDISCLI_AUTH="$REDIS_PASSWORD"
redis-cli --scan --pattern "$1" | sed 's/^/MEMORY USAGE /' | redis-cli | sed 's/^/entry /'
used='s/^used_memory:([0-9]+).*/used \1/p'
young='s/.* age=[01] .* qbuf=([0-9]+) qbuf-free=([0-9]+) .* tot-mem=([0-9]+) .*/young \3\nshared \1\nshared \2/p'
printf 'INFO memory\nCLIENT LIST\n' | redis-cli | sed -nE "$used; $young"
"""
ENTRY_BYTES = 40
"""What Redis keeps beside an entry that expires: what says when it does."""


@dataclass(frozen=True)
class Memory:
    """Bytes in use, and those of the entries that may be evicted.

    Clients that came just now are left out, who measures among them: a new connection has 16 kB for replies, for a
    second or two. Their queries are read into a buffer that all share.
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
        """Return what is used, and what of it by the entries whose keys match `pattern`.

        Raises EngineError when Redis does not say.
        """
        sizes: dict[str, list[int]] = defaultdict(list)
        for line in self.docker.exec(self.container, "sh", "-c", MEASURE, "sh", pattern).splitlines():
            what, _, size = line.strip().partition(" ")
            if size.isdecimal():  # an entry that has gone has no size
                sizes[what].append(int(size))
        if not sizes["used"]:
            raise EngineError("Redis does not say how much memory it uses", todo="look at it: labctl status")
        passing = sum(sizes["young"]) - sum(sizes["shared"])
        return Memory(sum(sizes["used"]) - passing, sum(sizes["entry"]) + ENTRY_BYTES * len(sizes["entry"]))

    def ask(self, *command: str) -> str:
        """Return what the server answers to a command, a refusal too."""
        return self.docker.exec(self.container, *_PROGRAM, *command).strip()
