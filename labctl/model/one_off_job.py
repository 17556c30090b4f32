"""A one-off job: statements that somebody runs beside the scheduled jobs, one after the other."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class OneOffJob:
    """A job of the platform: each statement is a transaction of its own, with a pause after it.

    A statement that waits for a lock for longer than a moment ends the job: it never holds up others.
    """

    name: str
    """In the database its session is called jobs-<name>."""
    statements: tuple[str, ...]
    """SQL that may run twice."""
    pause_s: float = 1.0
    undo: str = ""
    """SQL that takes back what the statements wrote; empty for a job that leaves nothing to take back."""

    @property
    def application(self) -> str:
        """What the database calls its session."""
        return f"jobs-{self.name}"
