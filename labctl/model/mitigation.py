"""What whoever is on call can do to a running lab so that users suffer less: each step as data, and how it is typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

GATEWAY, POSTGRES, REDIS = "gateway", "postgres", "redis"
SCALABLE: Mapping[str, str] = {
    "cpu": "cores, 0.05 to 8",
    "memory": "MiB, 32 to 2048",
    "pool": "connections to the database, 1 to 64",
    "threads": "threads, 1 to 128",
}
BLOCKABLE = ("merchant", "customer", "scheme")


@dataclass(frozen=True)
class Step:
    """One step. `restarts` is the service whose process is replaced: what only its memory held is gone then."""

    verb: ClassVar[str]

    @property
    def restarts(self) -> str:
        """Return the service whose process is replaced; empty for none."""
        return ""

    @property
    def arguments(self) -> tuple[str, ...]:
        """Return what is typed after the verb."""
        return ()

    def __str__(self) -> str:
        return " ".join((self.verb, *self.arguments))


@dataclass(frozen=True)
class _OfService(Step):
    service: str

    @property
    def restarts(self) -> str:
        """Return the service."""
        return self.service

    @property
    def arguments(self) -> tuple[str, ...]:
        """Return the service."""
        return (self.service,)


@dataclass(frozen=True)
class Rollback(_OfService):
    """Roll a service back to the version before."""

    verb: ClassVar[str] = "rollback"


@dataclass(frozen=True)
class Restart(_OfService):
    """Restart a service."""

    verb: ClassVar[str] = "restart"


@dataclass(frozen=True)
class Move(_OfService):
    """Start a service on another host: limits and network trouble of the old one stay behind."""

    verb: ClassVar[str] = "move"


@dataclass(frozen=True)
class Scale(_OfService):
    """Give a service more, or less, of something."""

    verb: ClassVar[str] = "scale"
    what: str
    amount: float

    @property
    def restarts(self) -> str:
        """Return the service for a setting, which takes a new process."""
        return self.service if self.what in ("pool", "threads") else ""

    @property
    def arguments(self) -> tuple[str, ...]:
        """Return service, what and amount."""
        return (self.service, f"{self.what}={self.amount:g}")


@dataclass(frozen=True)
class Configure(_OfService):
    """Change a setting of a service."""

    verb: ClassVar[str] = "config"
    key: str
    value: str

    @property
    def restarts(self) -> str:
        """Return the service, if it does not take settings over while it runs."""
        return "" if self.service == REDIS else self.service

    @property
    def arguments(self) -> tuple[str, ...]:
        """Return service and setting."""
        return (self.service, f"{self.key}={self.value}")


@dataclass(frozen=True)
class Flag(Step):
    """Switch a feature flag."""

    verb: ClassVar[str] = "flag"
    flag: str
    variant: str

    @property
    def arguments(self) -> tuple[str, ...]:
        """Return flag and variant."""
        return (self.flag, self.variant)


@dataclass(frozen=True)
class KillQuery(Step):
    """End sessions in the database: the one with a process id, or all of an application."""

    verb: ClassVar[str] = "kill-query"
    session: str

    @property
    def arguments(self) -> tuple[str, ...]:
        """Return the session."""
        return (self.session,)


@dataclass(frozen=True)
class Shed(Step):
    """Turn a share of the checkouts away at the gateway."""

    verb: ClassVar[str] = "shed"
    share: float

    @property
    def restarts(self) -> str:
        """Return the gateway."""
        return GATEWAY

    @property
    def arguments(self) -> tuple[str, ...]:
        """Return the share."""
        return (f"{self.share:g}",)


@dataclass(frozen=True)
class Block(Step):
    """Refuse a merchant, a customer or a card scheme at the gateway."""

    verb: ClassVar[str] = "block"
    kind: str
    value: str

    @property
    def restarts(self) -> str:
        """Return the gateway."""
        return GATEWAY

    @property
    def arguments(self) -> tuple[str, ...]:
        """Return kind and value."""
        return (self.kind, self.value)


@dataclass(frozen=True)
class Index(Step):
    """Build an index of the schema that is missing."""

    verb: ClassVar[str] = "index"
    index: str

    @property
    def arguments(self) -> tuple[str, ...]:
        """Return the index."""
        return (self.index,)


@dataclass(frozen=True)
class Park(Step):
    """Move a record of the event stream to the dead letters; without an id, the one that has waited longest."""

    verb: ClassVar[str] = "park"
    record: str = ""

    @property
    def arguments(self) -> tuple[str, ...]:
        """Return the record, if one is given."""
        return (self.record,) if self.record else ()


@dataclass(frozen=True)
class Wait(Step):
    """Do nothing: only in what is known of a fault, never typed."""

    verb: ClassVar[str] = "wait"


@dataclass(frozen=True)
class Mitigation:
    """What one way to help does under a fault: whether users are well again, and why; several steps are one way."""

    steps: tuple[Step, ...]
    restores: bool
    why: str

    def __str__(self) -> str:
        return ", then ".join(map(str, self.steps))


def restores(*steps: Step, why: str) -> Mitigation:
    """Return a way that brings the service level back."""
    return Mitigation(steps, True, why)


def useless(*steps: Step, why: str) -> Mitigation:
    """Return a plausible way that does not."""
    return Mitigation(steps, False, why)


@dataclass(frozen=True)
class Verb:
    """One kind of step, for the catalogue that fits any incident."""

    verb: str
    form: str
    does: str
    costs: str
    undone_by: str = "labctl mitigate undo"


VERBS: tuple[Verb, ...] = (
    Verb("rollback", "SERVICE", "rolls a service back to the version before its last release", "a new process"),
    Verb("restart", "SERVICE", "restarts a service's container", "counters, sessions, all in its memory", ""),
    Verb("move", "SERVICE", "starts a stateless service on another host", "a new process, no evidence on the old", ""),
    Verb("scale", "SERVICE WHAT=AMOUNT", f"changes {', '.join(SCALABLE)} of a service", "what others could use"),
    Verb("config", "SERVICE KEY=VALUE", "changes a setting and rolls it out", "a new process (Redis: none)"),
    Verb("flag", "FLAG VARIANT", "switches a feature flag, without a restart", "what the flag was on, or off, for"),
    Verb("kill-query", "PID|APPLICATION", "ends sessions in the database", "the requests that wait for them", ""),
    Verb("shed", "SHARE", "turns a share of the checkouts away at the gateway (0: none)", "those customers' payments"),
    Verb("block", "KIND VALUE", f"refuses a {', '.join(BLOCKABLE[:-1])} or {BLOCKABLE[-1]} at the gateway",
         "all that it would have paid"),
    Verb("index", "INDEX", "builds an index of the schema that is missing", "a few seconds of writes that wait"),
    Verb("park", "[RECORD]", "moves a record of the stream to the dead letters", "its booking, until it is mended"),
)  # fmt: skip
HELD_IN_MEMORY: Mapping[str, str] = {
    "gateway": "its memory's growth, its requests in flight, its breaker",
    "payments": "its pool and the sessions it had open, its memory, its breakers and retries",
    "risk": "its pool, its pauses for slow customers, its memory",
    "ledger": "the record in its hands, how often it had tried it, its memory",
    "jobs": "the run that was going on, and the locks that it held",
    "postgres": "all sessions, their waits and their locks",
    "redis": "its clients, its slow log and its counters",
}
"""What a restart destroys, by service."""
