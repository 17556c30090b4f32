"""A release of the gateway keeps every request and its answer in memory, in buffers of the largest possible size.

Entries older than fifteen minutes are removed when somebody looks them up; nobody does, and the memory would not last
that long anyway. The gateway grows by megabytes a second until it reaches its container's limit, and the kernel kills
it. Requests in flight break off, and nobody answers until the container has started again; then all is well, and the
memory grows again. Everything behind the gateway works as before.
"""

from __future__ import annotations

from faults import messages, probes
from labctl.model.draw import Draw
from labctl.model.fault import Fault, Link, near_miss
from labctl.model.fault import RootCause as Cause
from labctl.model.lab import Lab
from labctl.model.probe import at_least, at_most, stays
from labctl.model.signal import entry, metric
from labctl.model.vocabulary import Category, Impact, Track
from labctl.model.vocabulary import Component as C
from labctl.model.vocabulary import Mechanism as M
from labctl.model.vocabulary import Trigger as T

RELEASED = probes.released("gateway", at_least(0.5))
MEMORY = probes.memory_peak("gateway", at_least(0.85))
RESTARTS = probes.restarts("gateway", at_least(0.5))
# Requests that are in the container when it is killed fail; those that come before it runs again wait a second or fail,
# too. A roll-out makes some requests wait, but only half as long.
UNSERVED = probes.unserved(at_least(0.01))


def inject(lab: Lab, draw: Draw) -> None:
    """Release the version that leaks."""
    messages.ship(lab, draw, "gateway", "3.9.0")


FAULT = Fault(
    id="gateway-leak-oom",
    title="The gateway that forgot nothing",
    story=__doc__ or "",
    category=Category.CODE,
    difficulty=2,
    tracks=frozenset({Track.BACKEND, Track.DEVOPS}),
    root_cause=Cause(C.GATEWAY, T.CODE_RELEASE, M.MEMORY_LEAK),
    accepted=(Cause(C.GATEWAY, T.CODE_RELEASE, M.OUT_OF_MEMORY_KILL),),
    impact=frozenset({Impact.CHECKOUT_ERRORS, Impact.EVERYTHING_FAILS, Impact.CHECKOUT_SLOW}),
    chain=(
        Link(C.GATEWAY, "a new version of the gateway serves", RELEASED),
        Link(C.GATEWAY, "its memory grows to the container's limit", MEMORY),
        Link(C.GATEWAY, "the kernel kills it, and the container starts again", RESTARTS),
        Link(C.CLIENTS, "requests of all kinds fail, or wait until the gateway is back", UNSERVED),
    ),
    must_move=(RELEASED, MEMORY, RESTARTS, UNSERVED),
    must_not_move=(
        probes.mean_latency("payments", "/checkouts", stays(0.5, 1.7)),
        probes.mean_latency("risk", "/assessments", stays(0.4, 1.7)),
        probes.call_mean("payments", "acquirer", stays(0.7, 1.4)),
        probes.memory("payments", stays(0.8, 1.3)),
        probes.restarts("payments", at_most(0)),
        probes.traffic(stays(0.7, 1.4)),
    ),
    symptom=UNSERVED,
    blast_radius=frozenset({C.GATEWAY, C.CLIENTS}),
    near_misses=(
        near_miss(C.GATEWAY, T.INFRASTRUCTURE_FAILURE, M.PACKET_LOSS, "no segment is lost: the process is gone"),
        near_miss(
            C.LINK_GATEWAY_PAYMENTS,
            T.INFRASTRUCTURE_FAILURE,
            M.PACKET_LOSS,
            "what reaches payments is answered",
        ),
        near_miss(C.GATEWAY, T.CONFIGURATION_CHANGE, M.OUT_OF_MEMORY_KILL, "the memory limit is what it was"),
        near_miss(C.GATEWAY, T.TRAFFIC_CHANGE, M.OVERLOAD, "the clients send what they sent before"),
        near_miss(C.GATEWAY, T.INFRASTRUCTURE_FAILURE, M.CPU_THROTTLING, "it has the CPU that it had"),
        near_miss(C.PAYMENTS, T.CODE_RELEASE, M.SLOW_DEPENDENCY, "payments is the same, and as fast as ever"),
        near_miss(C.PAYMENTS, T.CODE_RELEASE, M.MEMORY_LEAK, "payments' memory is level: the gateway's grows"),
        near_miss(C.GATEWAY, T.CODE_RELEASE, M.CIRCUIT_BREAKER_FLAPPING, "its breaker stays closed"),
    ),
    evidence=(
        entry(C.GATEWAY, r"^release ", C.GATEWAY, T.CODE_RELEASE),
        metric(C.GATEWAY, MEMORY, C.GATEWAY, M.MEMORY_LEAK, M.OUT_OF_MEMORY_KILL),
        metric(C.GATEWAY, RESTARTS, C.GATEWAY, M.MEMORY_LEAK, M.OUT_OF_MEMORY_KILL),
    ),
    inject=inject,
    page_within_s=120,
)
