"""A lab's Postgres as its administrator reaches it: from inside the container, as the superuser, without a password."""

from __future__ import annotations

from dataclasses import dataclass

from labctl.docker.docker import Docker

_PSQL = ("psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", "--dbname=payments")
TIMEOUT_S = 120.0


@dataclass(frozen=True)
class PostgresServer:
    """The server in one container."""

    docker: Docker
    container: str

    def run(self, script: str) -> str:
        """Return what psql prints of a script, which stops at its first error. Raises EngineError with that error."""
        return self.docker.exec(self.container, *_PSQL, stdin=script, user="postgres", timeout=TIMEOUT_S)
