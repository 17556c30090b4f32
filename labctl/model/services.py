"""What is known of each service of the stack: the one table that says it.

A service with sources has a version of its own and releases; a package's version is that of the program inside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto


class RollOut(Enum):
    """How a container is replaced."""

    IN_PLACE = auto()
    """Stopped, then started: it keeps state, or two of it would do its work twice."""
    SIDE_BY_SIDE = auto()
    """The new one starts beside the old one, which leaves when the new one is ready: two of them serve as one."""
    WHILE_RUNNING = auto()
    """Not at all: it takes settings over while it runs."""


@dataclass(frozen=True)
class Service:
    """One service."""

    name: str
    sources: str | None = None
    """The folder of its sources in the bundle, with a file VERSION; None for a package."""
    package: str | None = None
    """A package's version; None for what has sources, or comes with another one's image."""
    ready: tuple[int, str] | None = None
    """The port in the container and the path where it says that it can do its work; None where its staying up tells."""
    roll_out: RollOut = RollOut.IN_PLACE
    asks: Mapping[str, str] = field(default_factory=dict)
    """Whom it talks to, and by what."""
    reaches: Mapping[str, str] = field(default_factory=dict)
    """Whom it reaches by way of another one, and how."""
    shown: bool = False
    """Whether the dashboards show it as a component that may be the cause."""
    ours: bool = True
    """False for what runs here because it has to run somewhere: what measures our containers leaves it out."""
    published: bool = False
    """Whether callers on the host reach it while it is rolled out: a host port has one owner."""


def _python(name: str, **more: object) -> Service:
    known: dict[str, object] = {"sources": f"services/{name}", "ready": (8080, "/readyz"), **more}
    return Service(name, **known)  # type: ignore[arg-type]


# In the order of a request's way: first who asks.
_ALL = (
    Service("clients", sources="loadgen", asks={"gateway": "HTTP"}),
    _python("gateway", roll_out=RollOut.SIDE_BY_SIDE, asks={"payments": "HTTP"}, shown=True, published=True),
    _python("payments", roll_out=RollOut.SIDE_BY_SIDE, shown=True, asks={
        "risk": "HTTP", "acquirer": "HTTP", "postgres": "SQL", "redis": "event stream",
    }, reaches={"ledger": "events, by way of redis"}),
    _python("risk", roll_out=RollOut.SIDE_BY_SIDE, shown=True, asks={
        "redis": "feature cache", "postgres": "SQL", "acquirer": "HTTP",
    }),
    _python("acquirer", roll_out=RollOut.SIDE_BY_SIDE, shown=True, ours=False),
    _python("ledger", roll_out=RollOut.SIDE_BY_SIDE, asks={"redis": "event stream", "postgres": "SQL"}, shown=True),
    _python("jobs", ready=None, roll_out=RollOut.SIDE_BY_SIDE, asks={"postgres": "SQL"}, shown=True),
    Service("postgres", package="17", shown=True),
    Service("redis", package="8.0", roll_out=RollOut.WHILE_RUNNING, shown=True),
    _python("telemetry", ready=(4318, "/readyz")),
    _python("containers", ready=(9101, "/metrics")),
    Service("prometheus", package="2.53"),
    Service("exporters", package="1"),
)  # fmt: skip
SERVICES: Mapping[str, Service] = {each.name: each for each in _ALL}
STARTS_FIRST = ("prometheus", "risk", "payments", "gateway", "postgres", "redis")
"""Prometheus looks for its targets five seconds after its start, not before. Then what the gateway's readiness waits
for; a service takes longer to import its packages than to connect."""
STARTS_LAST = "clients"
"""The load waits until the gateway serves. It starts last all the same: what it waits for needs the machine more."""
CACHE_OF = "risk"
"""Who fills the cache with its busy customers' features when it starts."""


def known(name: str) -> Service:
    """Return what is known of a service; what is not in the table is replaced in place, and says nothing of itself."""
    return SERVICES.get(name, Service(name))


def with_sources() -> tuple[str, ...]:
    """Return the services that have versions of their own."""
    return tuple(each.name for each in _ALL if each.sources)


def packages() -> dict[str, str]:
    """Return the versions of those that come as packages."""
    return {each.name: each.package for each in _ALL if each.package}


def architecture() -> dict[tuple[str, str], str]:
    """Return who uses whom, and by what: what the services are built to do, whether they do so now or not."""
    return {(each.name, peer): via for each in _ALL for peer, via in {**each.asks, **each.reaches}.items()}


def talk(one: str, other: str) -> bool:
    """Whether two services talk to each other directly."""
    return other in known(one).asks or one in known(other).asks
