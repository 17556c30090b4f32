"""What a fault may do with a lab: the verbs of its mechanisms (labctl/lab/mechanisms), and nothing else.

Each verb first writes the state before the change to the lab's undo log, so that a fault needs no undo of its own.

Most verbs take an author and a summary, and add an entry with both to the change feed. The others add none: nobody
announces what customers, a network or a foreign system do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from labctl.model.merchant_import import MerchantImport
from labctl.model.migration import Migration
from labctl.model.one_off_job import OneOffJob


class CacheMemory(Protocol):
    """How much memory Redis uses, in bytes."""

    @property
    def used(self) -> int:
        """The memory in use."""
        ...

    @property
    def cached(self) -> int:
        """The part of it that entries take which may be evicted."""
        ...


class Configuration(Protocol):
    """Settings of services."""

    def change(self, service: str, key: str, value: str, *, author: str, summary: str) -> object:
        """Change one setting and roll the service out."""
        ...

    def settings(self, service: str) -> dict[str, str]:
        """Return a service's settings."""
        ...


class Releases(Protocol):
    """Releases of services."""

    def ship(self, service: str, release: str, *, author: str = "", summary: str = "") -> object:
        """Release a patch upon what the service runs, under a version that is drawn: the next patch or minor one."""
        ...

    def deploy(self, service: str, release: str, *, version: str = "", author: str = "", summary: str = "") -> object:
        """Roll a release of a service out, upon those that it runs.

        `version` is by default the release's name; author and summary are by default the release's own.
        """
        ...


class Flags(Protocol):
    """Feature flags of services."""

    def switch(self, flag: str, variant: str, *, author: str, summary: str) -> object:
        """Put another variant of a flag in force; nothing restarts."""
        ...


class Cache(Protocol):
    """Redis as a cache."""

    def configure(self, key: str, value: str, *, author: str, summary: str) -> object:
        """Change one of Redis's settings while it runs."""
        ...

    def memory(self) -> CacheMemory:
        """Return how much memory Redis uses."""
        ...


class Acquirer(Protocol):
    """The external processor."""

    def change(self, **values: str) -> None:
        """Change the processor's settings, and so its behaviour; no entry in the change feed."""
        ...


class Database(Protocol):
    """Postgres, as its administrator changes it."""

    def migrate(self, migration: Migration, *, author: str, summary: str) -> None:
        """Apply a schema migration."""
        ...

    def import_payments(self, what: MerchantImport) -> None:
        """Load a merchant's payments; that is business, so there is no entry in the change feed."""
        ...

    def hold(self, application: str, statements: str, seconds: int) -> None:
        """Run statements in a session that keeps its transaction open, for `seconds` at most; no entry in the feed."""
        ...


class Stream(Protocol):
    """The stream of payment events."""

    def publish(self, fields: Mapping[str, str]) -> None:
        """Append a record with these fields, `event_id` among them; no entry in the change feed."""
        ...


class Cpu(Protocol):
    """The CPU of services."""

    def limit(self, service: str, share: float) -> None:
        """Let a service use only this share of the CPU that it uses now; no entry in the change feed."""
        ...


class Memory(Protocol):
    """The memory of services."""

    def limit(self, service: str, mebibytes: int) -> None:
        """Let each container of a service have this much memory, and no swap; no entry in the change feed."""
        ...


class Network(Protocol):
    """The network between services."""

    def lose(self, service: str, peer: str, share: float) -> None:
        """Lose this share (0 to 1) of the packets between two services, in each direction; no entry in the feed."""
        ...


class Load(Protocol):
    """The requests of the clients."""

    def shift(
        self,
        rate: float = 1.0,
        *,
        checkout: float = 1,
        lookup: float = 1,
        history: float = 1,
        refund: float = 1,
        author: str = "",
        summary: str = "",
    ) -> None:
        """Multiply the number of clients by `rate`, and their requests to each endpoint by its factor, from 0 to 20.

        Only a shift with a summary has an entry in the change feed, such as a campaign that was announced.
        """
        ...


class Jobs(Protocol):
    """One-off jobs of the platform."""

    def run(self, job: OneOffJob, *, author: str, summary: str) -> None:
        """Start a job in the database, and return while it runs."""
        ...


class Lab(Protocol):
    """A running lab, as the sum of the ways to change it."""

    @property
    def configuration(self) -> Configuration:
        """Change settings of services."""
        ...

    @property
    def releases(self) -> Releases:
        """Roll versions of services out."""
        ...

    @property
    def flags(self) -> Flags:
        """Switch feature flags."""
        ...

    @property
    def cache(self) -> Cache:
        """Change the cache's settings."""
        ...

    @property
    def acquirer(self) -> Acquirer:
        """Change the external processor's behaviour."""
        ...

    @property
    def database(self) -> Database:
        """Migrate the database, load payments, hold sessions open."""
        ...

    @property
    def jobs(self) -> Jobs:
        """Run one-off jobs."""
        ...

    @property
    def stream(self) -> Stream:
        """Put records into the stream of payment events."""
        ...

    @property
    def cpu(self) -> Cpu:
        """Give services less CPU."""
        ...

    @property
    def memory(self) -> Memory:
        """Give services less memory."""
        ...

    @property
    def network(self) -> Network:
        """Lose packets between services."""
        ...

    @property
    def load(self) -> Load:
        """Make the clients send more requests, fewer, or others."""
        ...
