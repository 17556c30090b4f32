"""What a fault may do with a lab: the verbs of its mechanisms (labctl/lab/mechanisms), and nothing else.

Each verb writes what is there to the lab's undo log first, so that a fault needs no way back of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from labctl.model.merchant_import import MerchantImport
from labctl.model.migration import Migration


class CacheMemory(Protocol):
    """Bytes in use, and those of the entries that may be evicted."""

    @property
    def used(self) -> int:
        """All of it."""
        ...

    @property
    def cached(self) -> int:
        """What entries that may be evicted take."""
        ...


class Configuration(Protocol):
    """Settings of services."""

    def change(self, service: str, key: str, value: str, *, author: str, summary: str) -> object:
        """Change one setting and roll the service out, as `author` describes it in the change feed."""
        ...

    def settings(self, service: str) -> dict[str, str]:
        """Return a service's settings."""
        ...


class Releases(Protocol):
    """Versions of services."""

    def deploy(self, service: str, version: str, *, author: str = "", summary: str = "") -> object:
        """Roll a version of a service out, as its release describes it in the change feed."""
        ...


class Flags(Protocol):
    """Feature flags of services."""

    def switch(self, flag: str, variant: str, *, author: str, summary: str) -> object:
        """Have another variant of a flag in force, as `author` describes it in the change feed; nothing restarts."""
        ...


class Cache(Protocol):
    """Redis as a cache."""

    def configure(self, key: str, value: str, *, author: str, summary: str) -> object:
        """Change one of Redis's settings while it runs, as `author` describes it in the change feed."""
        ...

    def memory(self) -> CacheMemory:
        """Return how much memory Redis uses."""
        ...


class Acquirer(Protocol):
    """The external processor."""

    def change(self, **values: str) -> None:
        """Have it behave otherwise; it is not ours, so that nobody announces it."""
        ...


class Database(Protocol):
    """Postgres, as its administrator changes it."""

    def migrate(self, migration: Migration, *, author: str, summary: str) -> None:
        """Take a schema migration up, as `author` describes it in the change feed."""
        ...

    def import_payments(self, what: MerchantImport) -> None:
        """Bring in a merchant's payments; that is business, so that nobody announces it."""
        ...

    def hold(self, application: str, statements: str, seconds: int) -> None:
        """Have a session run statements and keep its transaction open, at most so long; nobody announces it."""
        ...


class Stream(Protocol):
    """The stream of payment events."""

    def publish(self, fields: Mapping[str, str]) -> None:
        """Append a record with these fields, `event_id` among them; nobody announces it."""
        ...


class Cpu(Protocol):
    """The CPU of services."""

    def limit(self, service: str, share: float) -> None:
        """Let a service use this share of what it uses now; nobody announces it."""
        ...


class Memory(Protocol):
    """The memory of services."""

    def limit(self, service: str, mebibytes: int) -> None:
        """Let each container of a service have this much, and no swap; nobody announces it."""
        ...


class Network(Protocol):
    """The network between services."""

    def lose(self, service: str, peer: str, share: float) -> None:
        """Lose this share (0 to 1) of the packets between two services, in each direction; nobody announces it."""
        ...


class Load(Protocol):
    """What the clients ask for."""

    def shift(
        self, rate: float = 1.0, *, checkout: float = 1, lookup: float = 1, history: float = 1, refund: float = 1
    ) -> None:
        """Have `rate` times as many clients as usual, who ask for an endpoint so many times as often as they do.

        Nobody announces what customers do. Factors go from 0 to 20.
        """
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
        """Have the external processor behave otherwise."""
        ...

    @property
    def database(self) -> Database:
        """Migrate the database, bring payments in, hold sessions open."""
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
        """Have the clients ask more, less, or for something else."""
        ...
