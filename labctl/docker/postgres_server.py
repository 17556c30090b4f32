"""A lab's Postgres as its administrator reaches it: from inside the container, as the superuser, without a password."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from labctl.base.errors import EngineError
from labctl.base.waiting import wait_until
from labctl.docker.docker import Docker

_PSQL = ("psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", "--dbname=payments")
TIMEOUT_S = 120.0
STATEMENT_S, LOCK_S = 100, 20
"""Seconds that a statement may run, or wait for a lock: less than TIMEOUT_S, so that none outlives its psql."""
ALTER_LOCK_MS = 150
"""Milliseconds that a change of the schema waits for a lock: whoever comes later queues behind it as long."""
ALTER_EVERY_S, ALTER_WITHIN_S = 1.0, 45.0
"""How often it is tried, and for how long: a transaction of somebody who looks ends within 30 s."""
ENDS_WITHIN_S = 15.0
# An administrator's sessions come over the socket in the container; nobody else has this role.
_ADMINISTRATORS = "usename = 'postgres' AND backend_type = 'client backend' AND pid <> pg_backend_pid()"


@dataclass(frozen=True)
class PostgresServer:
    """The server in one container."""

    docker: Docker
    container: str

    def run(self, script: str) -> str:
        """Run a script and return what psql prints. Raises EngineError with the first error, at which it stops."""
        return self._psql(script, f"{LOCK_S}s")

    def alter(self, script: str) -> None:
        """Run a script that changes the schema, and that can be run twice, without making others queue for long.

        It gives up a lock that is not free soon, and tries again. Raises EngineError as `run` does, WaitTimeoutError
        when somebody keeps the table.
        """

        def done() -> bool:
            try:
                self._psql(script, f"{ALTER_LOCK_MS}ms")
            except EngineError as error:
                if "lock timeout" in str(error):
                    return False
                raise
            return True

        wait_until(
            done,
            what="a change of the database's schema",
            timeout=ALTER_WITHIN_S,
            interval=ALTER_EVERY_S,
            describe=lambda: "a moment in which nobody keeps the table locked",
            todo="end long transactions (see pg_stat_activity, or `labctl sql` that still runs), then try again",
        )

    def _psql(self, script: str, lock_timeout: str) -> str:
        bounds = f"-c statement_timeout={STATEMENT_S}s -c lock_timeout={lock_timeout}"
        command = ("env", f"PGOPTIONS={bounds}", *_PSQL)
        return self.docker.exec(self.container, *command, stdin=script, user="postgres", timeout=TIMEOUT_S)

    def hold(self, application: str, statements: str, seconds: int) -> None:
        """Start a session that keeps the transaction of `statements` open for `seconds` at most. Raises EngineError."""
        script = f"BEGIN; {statements}; SELECT pg_sleep({seconds}); COMMIT"
        command = ("env", f"PGAPPNAME={application}", *_PSQL, "--command", script)
        self.docker.run("exec", "--detach", "--user", "postgres", self.container, *command)

    def start(self, application: str, statements: Sequence[str], pause_s: float) -> None:
        """Start a session that runs statements one by one, each alone, with pauses; it ends after them, or at an error.

        It waits no longer for a lock than a change of the schema does. Raises EngineError.
        """
        bounds = f"-c statement_timeout={STATEMENT_S}s -c lock_timeout={ALTER_LOCK_MS}ms"
        pause = f"SELECT pg_sleep({pause_s:g})"
        steps = [part for each in statements for text in (each, pause) for part in ("--command", text)]
        command = ("env", f"PGAPPNAME={application}", f"PGOPTIONS={bounds}", *_PSQL, *steps)
        self.docker.run("exec", "--detach", "--user", "postgres", self.container, *command)

    def end_sessions(self, application: str) -> None:
        """End the sessions of an application. Raises WaitTimeoutError when one stays."""
        self._end(f"application_name = '{application}' AND pid <> pg_backend_pid()")

    def kill(self, session: str) -> int:
        """End the client's session with this process id, or all of this application; return how many there were."""
        if session.isascii() and session.isdecimal():
            which = f"pid = {int(session)}"
        else:
            which = "application_name = '" + session.replace("'", "''") + "'"
        clients = "backend_type = 'client backend' AND pid <> pg_backend_pid()"
        query = f"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE {clients} AND {which};\n"  # noqa: S608 - quoted
        return int(self.run(query).strip() or 0)

    def has_index(self, name: str) -> bool:
        """Whether there is an index of this name, which is one of the schema's."""
        query = f"SELECT count(*) FROM pg_indexes WHERE indexname = '{name}';\n"  # noqa: S608 - a known name
        return self.run(query).strip() not in ("0", "")

    def end_administrators(self) -> None:
        """End all other sessions of the administrator: one goes on when its client was killed. Raises as above."""
        self._end(_ADMINISTRATORS)

    def _end(self, which: str) -> None:
        query = f"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE {which};\n"  # noqa: S608 - ours

        def gone() -> bool:
            return self.run(query).strip() in ("0", "")

        wait_until(gone, what="the end of sessions in the database", timeout=ENDS_WITHIN_S, interval=0.2)
