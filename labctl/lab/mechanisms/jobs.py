"""One-off jobs: run in the database beside the scheduled ones, in a session that goes on after labctl has ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from labctl.docker.postgres_server import PostgresServer
from labctl.lab.mechanisms.mechanism import Mechanism
from labctl.model.one_off_job import OneOffJob
from labctl.state.change_feed import NewChange
from labctl.state.undo_log import Entry

JOBS, POSTGRES = "jobs", "postgres"


@dataclass(frozen=True)
class Jobs(Mechanism):
    """The lab's one-off jobs. An undo entry has the session's name, and the SQL that takes back what it wrote."""

    name: ClassVar[str] = "jobs"

    def run(self, job: OneOffJob, *, author: str, summary: str) -> None:
        """Start a job, and return while it runs; the feed gets an entry with `author` and `summary`.

        Raises EngineError when it can't be started.
        """
        self._note(job.application, {"sql": job.undo})
        self.store.changes.add(NewChange("job", JOBS, summary, "", job.name, author))
        self.server.start(job.application, job.statements, job.pause_s)

    def undo(self, entries: Sequence[Entry]) -> None:
        """End the jobs that still run, and take back what they wrote."""
        for entry in entries:
            self.server.end_sessions(entry.subject)
            if entry.before["sql"]:
                self.server.run(entry.before["sql"])

    @property
    def server(self) -> PostgresServer:
        """The server as its administrator reaches it. Raises NotFoundError when it has no container."""
        return PostgresServer(self.stack.docker, self.stack.container(POSTGRES).id)
