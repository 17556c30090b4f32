"""A configuration change leaves payments one database connection instead of eight.

A checkout keeps a connection from before the card is charged until the charge is recorded: for most of that time it
waits for the acquirer, and the database has nothing to do. One connection serves one such checkout at a time. As soon
as checkouts come faster than that, everything that payments does queues for the pool: the same few statements, as fast
as ever, begin later and later, and where traffic is highest some waits are given up. At night nobody would notice.
"""

from __future__ import annotations

from faults import database_probes, messages, probes
from labctl.model.draw import Draw
from labctl.model.fault import Fault, Link, Load, near_miss
from labctl.model.fault import RootCause as Cause
from labctl.model.lab import Lab
from labctl.model.probe import at_least, at_most, grows, shrinks, stays
from labctl.model.signal import entry, metric, spans
from labctl.model.vocabulary import Category, Impact, Track
from labctl.model.vocabulary import Component as C
from labctl.model.vocabulary import Mechanism as M
from labctl.model.vocabulary import Trigger as T

POOL = database_probes.pool_size("payments", shrinks(0.5))
WAIT = database_probes.pool_wait("payments", 0.95, at_least(0.05))
OWN = probes.latency("payments", "/checkouts", 0.95, grows(1.5))
EDGE = probes.latency("gateway", "/v1/checkouts", 0.95, grows(1.5))
SLOW = probes.client_latency("checkout", 0.95, grows(1.5))
# Nearly idle: a scheduled report takes a quarter of a core for some seconds, whatever else goes on.
IDLE = at_most(0.5)


def inject(lab: Lab, draw: Draw) -> None:
    """Cut the pool, as someone would who saw how few connections are in use."""
    summary = messages.summary(draw, "DB_POOL_MAX")
    lab.configuration.change("payments", "DB_POOL_MAX", "1", author=draw.author(), summary=summary)


FAULT = Fault(
    id="payments-pool-cut",
    title="One connection for everybody",
    story=__doc__ or "",
    category=Category.TIMEOUT_CONFIG,
    difficulty=2,
    tracks=frozenset({Track.BACKEND, Track.DEVOPS}),
    root_cause=Cause(C.PAYMENTS, T.CONFIGURATION_CHANGE, M.POOL_TOO_SMALL),
    accepted=(Cause(C.LINK_PAYMENTS_POSTGRES, T.CONFIGURATION_CHANGE, M.POOL_TOO_SMALL),),
    impact=frozenset({Impact.CHECKOUT_SLOW, Impact.CHECKOUT_ERRORS, Impact.EVERYTHING_SLOW}),
    chain=(
        Link(C.PAYMENTS, "payments is rolled out with a smaller pool", POOL),
        Link(C.PAYMENTS, "its statements queue for the one connection", WAIT),
        Link(C.PAYMENTS, "a checkout waits several times, and takes that much longer", OWN),
        Link(C.GATEWAY, "so does the gateway's answer", EDGE),
        Link(C.CLIENTS, "customers wait", SLOW),
    ),
    must_move=(POOL, WAIT, OWN, SLOW),
    must_not_move=(
        probes.released("payments", at_most(0)),
        database_probes.query_mean("payments", stays(0.3, 1.8)),
        probes.cpu("postgres", IDLE),
        probes.call_mean("payments", "acquirer", stays(0.7, 1.4)),
        probes.mean_latency("risk", "/assessments", stays(0.4, 1.7)),
        probes.traffic(stays(0.7, 1.4)),
    ),
    symptom=SLOW,
    blast_radius=frozenset({C.PAYMENTS, C.GATEWAY, C.CLIENTS}),
    near_misses=(
        near_miss(
            C.POSTGRES, T.DEPENDENCY_DEGRADATION, M.SLOW_DEPENDENCY, "a statement takes what it took; it begins late"
        ),
        near_miss(C.POSTGRES, T.TRAFFIC_CHANGE, M.OVERLOAD, "the database is nearly idle, and traffic is what it was"),
        near_miss(C.PAYMENTS, T.CODE_RELEASE, M.CONNECTION_LEAK, "no release went out; connections come back"),
        near_miss(C.PAYMENTS, T.TRAFFIC_CHANGE, M.POOL_TOO_SMALL, "the demand is what it was: the pool shrank"),
        near_miss(C.POSTGRES, T.SCHEDULED_JOB, M.ROW_LOCK_CONTENTION, "no session waits for a lock"),
        near_miss(
            C.POSTGRES, T.CONFIGURATION_CHANGE, M.CONNECTION_SLOTS_EXHAUSTED, "Postgres has slots to spare, nobody asks"
        ),
        near_miss(C.ACQUIRER, T.DEPENDENCY_DEGRADATION, M.SLOW_DEPENDENCY, "the acquirer answers as fast as before"),
        near_miss(C.PAYMENTS, T.CONFIGURATION_CHANGE, M.THREAD_STARVATION, "the threads are there; they wait"),
    ),
    load=Load(min_rps=15),
    evidence=(
        entry(C.PAYMENTS, r"DB_POOL_MAX", C.PAYMENTS, T.CONFIGURATION_CHANGE, M.POOL_TOO_SMALL),
        metric(C.PAYMENTS, POOL, C.PAYMENTS, T.CONFIGURATION_CHANGE, M.POOL_TOO_SMALL),
        metric(C.PAYMENTS, WAIT, C.PAYMENTS, C.LINK_PAYMENTS_POSTGRES),
        spans(C.PAYMENTS, "wait for connection", C.PAYMENTS, C.LINK_PAYMENTS_POSTGRES, min_ms=20),
    ),
    inject=inject,
)
