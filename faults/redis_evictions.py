"""Redis's memory limit is cut from 48 MB to about what it uses, and the cached features no longer fit.

The limit is for the cache and the stream of events together; Redis may drop only keys that expire. It drops features
soon after they are stored, the least used first, and the few busy accounts are asked for too seldom to stay. Their
queries are the expensive ones: they hold risk's connection, risk answers later than payments waits, and payments asks
again. The lifetime of features is unchanged, and the stream loses nothing.
"""

from __future__ import annotations

from faults import database_probes, messages, probes
from labctl.model.draw import Draw, Range
from labctl.model.fault import Fault, Host, Link, near_miss
from labctl.model.fault import RootCause as Cause
from labctl.model.lab import Lab
from labctl.model.probe import at_least, at_most, grows, shrinks, stays
from labctl.model.signal import entry, metric
from labctl.model.vocabulary import Category, Impact, Track
from labctl.model.vocabulary import Component as C
from labctl.model.vocabulary import Mechanism as M
from labctl.model.vocabulary import Trigger as T

ROOM = Range("what is left for features", ("40000", "38000", "36000", "34000"), "bytes")
"""Enough for about a hundred of the two hundred customers with the most traffic.

Redis's own use of memory varies by some 20 kB (query buffers, tables that shrink), so there is always room for fifty
customers, and never for two hundred.
"""

LIMIT = probes.memory_limit(shrinks(0.5))
EVICTED = probes.evictions(at_least(0.3))
MISSES = probes.cache_hit_ratio(shrinks(0.8))
QUERIES = database_probes.queries("risk", grows(1.8))
CUT = database_probes.cut_statements("risk", at_least(0.01))
# From 200 ms on, risk refuses for lack of a connection, or answers after payments' 250 ms: payments tries both again.
TAIL = probes.latency("risk", "/assessments", 0.99, at_least(0.2))
RETRIES = probes.retries("payments", "risk", at_least(0.02))
GATEWAY = probes.latency("gateway", "/v1/checkouts", 0.99, at_least(0.6))
SLOW = probes.client_latency("checkout", 0.99, at_least(0.6))


def inject(lab: Lab, draw: Draw) -> None:
    """Cut the limit, as somebody would who pays for reserved memory."""
    memory = lab.cache.memory()
    limit = f"{(memory.used - memory.cached + int(draw.of(ROOM))) // 1024}kb"
    lab.cache.configure("MAXMEMORY", limit, summary=messages.summary(draw, "MAXMEMORY"), author=draw.author())


FAULT = Fault(
    id="redis-evictions",
    title="The room that was too small",
    story=__doc__ or "",
    category=Category.TIMEOUT_CONFIG,
    difficulty=3,
    tracks=frozenset({Track.DEVOPS, Track.SRE}),
    root_cause=Cause(C.REDIS, T.CONFIGURATION_CHANGE, M.CACHE_EVICTION),
    accepted=(Cause(C.LINK_RISK_REDIS, T.CONFIGURATION_CHANGE, M.CACHE_EVICTION),),
    impact=frozenset({Impact.CHECKOUT_SLOW, Impact.CHECKOUT_ERRORS}),
    chain=(
        Link(C.REDIS, "Redis may use a fraction of the memory", LIMIT),
        Link(C.REDIS, "features are dropped to make room", EVICTED),
        Link(C.RISK, "look-ups miss that used to hit", MISSES),
        Link(C.POSTGRES, "every miss becomes a query, the busy accounts' expensive ones too", QUERIES),
        Link(C.PAYMENTS, "payments gives up on attempts that wait for those, and tries again", RETRIES),
        Link(C.GATEWAY, "the gateway's answers wait for that", GATEWAY),
        Link(C.CLIENTS, "some checkouts take long", SLOW),
    ),
    must_move=(LIMIT, EVICTED, MISSES, QUERIES, CUT, TAIL, RETRIES, SLOW),
    must_not_move=(
        probes.rolled_out("risk", at_most(0)),
        probes.refused_writes(at_most(0.05)),
        probes.backlog(at_most(100)),
        probes.throttled("risk", at_most(0.2)),
        probes.call_quantile("payments", "acquirer", 0.5, stays(0.5, 2)),
        probes.traffic(stays(0.6, 1.5)),
        probes.failing("lookup|history", at_most(0.02)),
    ),
    symptom=SLOW,
    blast_radius=frozenset({C.REDIS, C.RISK, C.POSTGRES, C.PAYMENTS, C.GATEWAY, C.CLIENTS}),
    near_misses=(
        near_miss(C.RISK, T.CONFIGURATION_CHANGE, M.CACHE_LIFETIME_TOO_SHORT, "lifetimes are what they were"),
        near_miss(C.RISK, T.CODE_RELEASE, M.CACHE_KEY_MISMATCH, "no release went out: risk's version is unchanged"),
        near_miss(C.REDIS, T.DEPENDENCY_DEGRADATION, M.SLOW_DEPENDENCY, "Redis takes microseconds, as it always did"),
        near_miss(C.REDIS, T.TRAFFIC_CHANGE, M.CACHE_EVICTION, "the clients send what they sent before"),
        near_miss(C.REDIS, T.INFRASTRUCTURE_FAILURE, M.OUT_OF_MEMORY_KILL, "Redis was never killed, it makes room"),
        near_miss(C.POSTGRES, T.DEPENDENCY_DEGRADATION, M.SLOW_DEPENDENCY, "a query costs what it did; there are more"),
        near_miss(C.RISK, T.CONFIGURATION_CHANGE, M.POOL_TOO_SMALL, "the pool kept its size: the demand for it grew"),
        near_miss(C.RISK, T.NOTHING, M.CACHE_STAMPEDE, "the misses spread over many keys"),
    ),
    evidence=(
        entry(C.REDIS, "MAXMEMORY", C.REDIS, T.CONFIGURATION_CHANGE, M.CACHE_EVICTION),
        metric(C.REDIS, LIMIT, C.REDIS, T.CONFIGURATION_CHANGE),
        metric(C.REDIS, EVICTED, C.REDIS, M.CACHE_EVICTION),
        metric(C.RISK, MISSES, C.REDIS, C.LINK_RISK_REDIS),
    ),
    inject=inject,
    varies=(ROOM,),
    # On the reference, a busy account's query takes four times as long as its time-out.
    host=Host(fastest=4),
)
