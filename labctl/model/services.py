"""The table of the stack's services: all that labctl knows of each.

A service with sources has a version of its own and releases; a package has the version of the program inside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto


class RollOut(Enum):
    """How a container is replaced."""

    IN_PLACE = auto()
    """Stopped, then started: the service keeps state, or two containers of it would do its work twice."""
    SIDE_BY_SIDE = auto()
    """The new one starts beside the old one, which is removed when the new one is ready: two can serve together."""
    WHILE_RUNNING = auto()
    """Not at all: it takes new settings over while it runs."""


@dataclass(frozen=True)
class Service:
    """One service."""

    name: str
    sources: str | None = None
    """The folder of its sources in the bundle, with a file VERSION; None for a package."""
    package: str | None = None
    """A package's version; None for a service that has sources, or runs from another service's image."""
    ready: tuple[int, str] | None = None
    """The port in the container and the path of its readiness check; None where staying up counts as ready."""
    roll_out: RollOut = RollOut.IN_PLACE
    asks: Mapping[str, str] = field(default_factory=dict)
    """The services that it calls directly, and by what."""
    reaches: Mapping[str, str] = field(default_factory=dict)
    """The services that it reaches through another one, and how."""
    shown: bool = False
    """Whether the dashboards show it as a component that may be the cause."""
    ours: bool = True
    """False for a stand-in of an outside system: the figures about our containers leave it out."""
    published: bool = False
    """Whether a roll-out has to hand over its host port, which only one container can own."""


def _python(name: str, **more: object) -> Service:
    known: dict[str, object] = {"sources": f"services/{name}", "ready": (8080, "/readyz"), **more}
    return Service(name, **known)  # type: ignore[arg-type]


# In the order in which a request passes them.
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
"""Started in this order, before all others. Prometheus looks for its targets only five seconds after its start. The
gateway's readiness waits for the rest: services before datastores, as importing packages takes longest."""
STARTS_LAST = "clients"
"""The load waits until the gateway serves. It still starts last: the services that it waits for need the CPU more."""
CACHE_FILLER = "risk"
"""The service that fills the cache, with its busy customers' features, when it starts."""


def known(name: str) -> Service:
    """Return a service's row; a service outside the table is replaced in place and has no readiness check."""
    return SERVICES.get(name, Service(name))


def with_sources() -> tuple[str, ...]:
    """Return the services that have versions of their own."""
    return tuple(each.name for each in _ALL if each.sources)


def packages() -> dict[str, str]:
    """Return the versions of the services that come as packages."""
    return {each.name: each.package for each in _ALL if each.package}


def architecture() -> dict[tuple[str, str], str]:
    """Map (caller, callee) to what they talk by: as the services are built, whether or not they talk now."""
    return {(each.name, peer): via for each in _ALL for peer, via in {**each.asks, **each.reaches}.items()}


def talk(one: str, other: str) -> bool:
    """Whether two services talk to each other directly."""
    return other in known(one).asks or one in known(other).asks
