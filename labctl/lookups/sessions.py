"""The sessions of a database: what each does, since when, and who waits for whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

STATEMENT = """WITH held AS MATERIALIZED (
  SELECT l.pid, l.granted, l.mode, CASE WHEN l.relation IS NOT NULL THEN c.relname::text ELSE l.locktype END AS what
  FROM pg_locks l LEFT JOIN pg_class c ON c.oid = l.relation
  WHERE l.database IS NULL OR l.database IN (0, (SELECT oid FROM pg_database WHERE datname = current_database())))
SELECT pid, usename, application_name, state, wait_event_type, wait_event,
  extract(epoch FROM clock_timestamp() - xact_start)::float8,
  extract(epoch FROM clock_timestamp() - query_start)::float8,
  extract(epoch FROM clock_timestamp() - state_change)::float8,
  array_to_string(pg_blocking_pids(pid), ' '),
  (SELECT string_agg(h.mode || ' on ' || h.what, ', ') FROM held h WHERE h.pid = a.pid AND NOT h.granted),
  (SELECT string_agg(DISTINCT h.mode || ' on ' || h.what, ', ') FROM held h WHERE h.pid = a.pid AND h.granted
    AND h.mode <> 'AccessShareLock' AND h.what NOT IN ('virtualxid', 'transactionid')),
  left(query, 2000), current_setting('max_connections')::int
FROM pg_stat_activity a
WHERE state IS NOT NULL AND pid <> pg_backend_pid()
ORDER BY state = 'idle', xact_start NULLS LAST, query_start, pid"""
MOST = 300
LOCK, IDLE = "Lock", "idle"


@dataclass(frozen=True)
class Session:
    """One session; spans in seconds, None where there is none such."""

    pid: int
    user: str
    application: str
    state: str
    wait_kind: str
    wait: str
    transaction_s: float | None
    """Since its transaction began."""
    query_s: float | None
    """Since its present statement began, or its last one."""
    state_s: float | None
    blocked_by: tuple[int, ...]
    waits_for: str
    """The locks that it waits for."""
    holds: str
    """The locks that it has, but those that every reader takes."""
    query: str

    @property
    def is_idle(self) -> bool:
        """Whether it is open, and does nothing."""
        return self.state == IDLE

    @property
    def waits(self) -> str:
        """What it waits for, where it does something; a session that is asked nothing waits for its client."""
        busy = self.wait_kind and self.wait_kind not in ("Client", "Activity")
        return f"{self.wait_kind}: {self.wait}" if busy else ""


@dataclass(frozen=True)
class Waiting:
    """A session that blocks others or is blocked, at its depth below the one that holds everything up."""

    session: Session
    depth: int
    also: tuple[int, ...] = ()
    """Others that block it, beside the one above."""


def read(rows: Sequence[Sequence[object]]) -> tuple[Session, ...]:
    """Return the sessions in the rows that the statement gives."""
    return tuple(_session(row) for row in rows)


def _session(row: Sequence[object]) -> Session:
    texts = ["" if each is None else str(each) for each in row]
    spans = [float(each) if isinstance(each, int | float) else None for each in row]
    return Session(
        pid=int(texts[0]),
        user=texts[1],
        application=texts[2],
        state=texts[3],
        wait_kind=texts[4],
        wait=texts[5],
        transaction_s=spans[6],
        query_s=spans[7],
        state_s=spans[8],
        blocked_by=tuple(dict.fromkeys(map(int, texts[9].split()))),
        waits_for=texts[10],
        holds=texts[11],
        query=texts[12],
    )


def blocking(sessions: Sequence[Session]) -> list[Waiting]:
    """Return who waits for whom as a tree from the top down: first those that wait for nobody, below each who waits.

    Each session stands once: who waits for several is below one that is nearest to the top. A circle, which the server
    breaks up soon, begins with its lowest number.
    """
    known = {each.pid: each for each in sessions}
    by = {each.pid: [pid for pid in each.blocked_by if pid in known] for each in sessions}
    blockers = {pid for each in by.values() for pid in each}
    tops = [pid for pid in known if pid in blockers and not by[pid]]
    below = _nearest(tops, by)
    drawn: list[Waiting] = []
    for top in tops:
        drawn += _below(top, below, known)
    for pid in sorted(blockers - {each.session.pid for each in drawn}):
        if pid not in {each.session.pid for each in drawn}:
            rest = {each: kept for each, kept in by.items() if each not in {one.session.pid for one in drawn}}
            drawn += _below(pid, _nearest([pid], rest), known)
    return drawn


def _nearest(tops: Sequence[int], by: Mapping[int, Sequence[int]]) -> dict[int, list[int]]:
    """Return for each session those that are drawn below it: level by level, each below the first that blocks it."""
    placed, level = set(tops), list(tops)
    below: dict[int, list[int]] = {}
    while level:
        following = []
        for above in level:
            for pid, blockers in by.items():
                if above in blockers and pid not in placed:
                    placed.add(pid)
                    below.setdefault(above, []).append(pid)
                    following.append(pid)
        level = following
    return below


def _below(top: int, below: Mapping[int, Sequence[int]], known: Mapping[int, Session]) -> Iterator[Waiting]:
    waiting: list[tuple[int, int, int | None]] = [(top, 0, None)]
    while waiting:
        pid, depth, above = waiting.pop()
        others = tuple(each for each in known[pid].blocked_by if each != above)
        yield Waiting(known[pid], depth, others)
        waiting += [(each, depth + 1, pid) for each in reversed(below.get(pid, ()))]
