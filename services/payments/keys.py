"""Idempotency keys: which request may do the work of a key, and the answer that the key got.

A key is claimed before anything happens, with a lease. Its holder finishes it (the answer is kept and given again),
forgets it (nothing happened), or releases it (something may have happened: the next holder does the same work under
the same resource id, which the acquirer knows as its own idempotency key). A holder that died is replaced when its
lease is over.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID, uuid4

from services.common import deadline
from services.common.database import Database, DatabaseError
from services.common.problem import ProblemError
from services.common.statement import Statement

LEASE_S = 10.0
"""Longer than any request lives."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Key:
    """A client's key within a scope (the kind of work), and the digest of the request that came with it."""

    value: str
    scope: str
    request_hash: str


@dataclass(frozen=True)
class Reply:
    """An answer to the client: `replayed` when it was given before."""

    status: int
    body: dict[str, Any]
    replayed: bool = False


class KeyStore(Protocol):
    """Where keys are kept."""

    def claim(self, key: Key) -> UUID | Reply:
        """Return the resource id under which to do the work, or the answer given before; raises ProblemError."""

    def release(self, key: Key) -> None:
        """Let the next request with this key take the work over."""

    def forget(self, key: Key) -> None:
        """Let the key be used as if it never had been."""


def once(store: KeyStore, key: Key, work: Callable[[UUID], Reply]) -> Reply:
    """Do `work` unless it has been done; `work` stores its own answer together with its effects."""
    claimed = store.claim(key)
    if isinstance(claimed, Reply):
        return claimed
    try:
        return work(claimed)
    except ProblemError:
        _quietly(store.forget, key)
        raise
    except BaseException:
        _quietly(store.release, key)
        raise


def _quietly(end: Callable[[Key], None], key: Key) -> None:
    # The reason why the work failed matters more; the lease ends the claim anyway.
    try:
        with deadline.ignored():
            end(key)
    except DatabaseError as error:
        _log.warning("idempotency key stays claimed until its lease is over: %s", error)


CLAIM = Statement(
    "INSERT idempotency_keys",
    """
    INSERT INTO idempotency_keys AS known (key, scope, request_hash, resource_id, locked_until)
    VALUES (%(key)s, %(scope)s, %(hash)s, %(id)s, now() + %(lease)s * interval '1 second')
    ON CONFLICT (key, scope) DO UPDATE SET locked_until = excluded.locked_until
      WHERE known.status IS NULL AND known.locked_until <= now() AND known.request_hash = excluded.request_hash
    RETURNING resource_id
    """,
)
KNOWN = Statement(
    "SELECT idempotency_keys",
    "SELECT request_hash, status, response FROM idempotency_keys WHERE key = %(key)s AND scope = %(scope)s",
)
RELEASE = Statement(
    "UPDATE idempotency_keys",
    "UPDATE idempotency_keys SET locked_until = now() WHERE key = %(key)s AND scope = %(scope)s AND status IS NULL",
)
FORGET = Statement(
    "DELETE idempotency_keys",
    "DELETE FROM idempotency_keys WHERE key = %(key)s AND scope = %(scope)s AND status IS NULL",
)


class PostgresKeyStore:
    """Keys in the table idempotency_keys."""

    def __init__(self, database: Database, *, looks_first: Callable[[], bool] = lambda: False) -> None:
        self._database = database
        self._looks_first = looks_first

    def claim(self, key: Key) -> UUID | Reply:
        """Insert the key, or take over an abandoned one: one statement, so that of two at once one wins.

        Whether a key was answered before can be looked up first, so that giving an answer again writes nothing.
        """
        names = {"key": key.value, "scope": key.scope}
        with self._database.session() as session:
            known = session.row(KNOWN, names) if self._looks_first() else None
            if known and known["status"] is not None:
                return answer_before(key, known)
            row = session.row(CLAIM, {**names, "hash": key.request_hash, "id": uuid4(), "lease": LEASE_S})
            if row:
                resource_id: UUID = row["resource_id"]
                return resource_id
            return answer_before(key, session.row(KNOWN, names))

    def release(self, key: Key) -> None:
        """End the lease now."""
        with self._database.session() as session:
            session.run(RELEASE, {"key": key.value, "scope": key.scope})

    def forget(self, key: Key) -> None:
        """Delete the row."""
        with self._database.session() as session:
            session.run(FORGET, {"key": key.value, "scope": key.scope})


def answer_before(key: Key, known: dict[str, Any] | None) -> Reply:
    """Return the answer that a key got when it was claimed before; raises ProblemError 422 or 409."""
    if known and known["request_hash"] != key.request_hash:
        raise ProblemError(422, "idempotency-key-reused", "this Idempotency-Key was used for another request")
    if not known or known["status"] is None:
        raise ProblemError(
            409,
            "request-in-progress",
            "a request with this Idempotency-Key is being worked on",
            headers={"Retry-After": "1"},
        )
    return Reply(known["status"], known["response"], replayed=True)
