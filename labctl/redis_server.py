"""A lab's Redis: settings taken over while it runs, so that neither the cache nor the stream is interrupted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from labctl.docker import Docker
from labctl.errors import EngineError

# redis-cli ends well even when the server refuses: what it printed tells. The password stays out of process lists.
_PROGRAM = ("sh", "-c", 'REDISCLI_AUTH="$REDIS_PASSWORD" exec redis-cli "$@"', "sh")
_SIZES = """
local expiring = 0
for _, key in ipairs(redis.call('KEYS', ARGV[1])) do
  expiring = expiring + redis.call('MEMORY', 'USAGE', key)
end
return expiring
"""


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
            answer = self._ask("CONFIG", "SET", name.lower().replace("_", "-"), value)
            if answer != "OK":
                raise EngineError(f"Redis refused {name}={value}: {answer}", expected="a value that Redis knows")

    def memory(self, pattern: str) -> Memory:
        """Return what is used, and what of it by the entries whose keys match `pattern`."""
        cached = int(self._ask("EVAL_RO", _SIZES, "0", pattern))
        report = dict(line.split(":", 1) for line in self._ask("INFO", "memory").splitlines() if ":" in line)
        return Memory(used=int(report["used_memory"]), cached=cached)

    def _ask(self, *command: str) -> str:
        return self.docker.exec(self.container, *_PROGRAM, *command).strip()
