"""A configuration change cuts the lifetime of risk's cached features from an hour to half a minute.

Many look-ups now miss, and a miss runs the feature query on Postgres. It is cheap for most customers; for the few busy
accounts it takes longer than risk lets it run, and risk has one connection. Requests queue for it, risk's slowest one
in a hundred passes what payments waits for, and payments tries again. Then small payments go on without an assessment
and larger ones fail: the gateway answers 502. The mean stays low: the cheap queries outnumber the others.
"""

from __future__ import annotations

from faults import database_probes, messages, probes
from labctl.model.draw import Draw, Range
from labctl.model.fault import Fault, Host, Link, near_miss
from labctl.model.fault import RootCause as Cause
from labctl.model.lab import Lab
from labctl.model.probe import at_least, at_most, between, grows, shrinks, stays
from labctl.model.signal import entry, lines, metric
from labctl.model.vocabulary import Category, Impact, Track
from labctl.model.vocabulary import Component as C
from labctl.model.vocabulary import Mechanism as M
from labctl.model.vocabulary import Trigger as T

LIFETIME = Range("the lifetime of cached features", ("30", "28", "25"), "s")

MISSES = probes.cache_hit_ratio(shrinks(0.8))
QUERIES = database_probes.queries("risk", grows(2))
POOL_WAIT = database_probes.pool_wait("risk", 0.99, at_least(0.05))
# From 200 ms on, risk refuses for lack of a connection, or answers after payments' 250 ms: payments tries both again.
TAIL = probes.latency("risk", "/assessments", 0.99, at_least(0.2))
RETRIES = probes.retries("payments", "risk", at_least(0.02))
BAD_GATEWAY = probes.answers("gateway", 502, at_least(0.004))
FAILING = probes.failing("checkout", between(0.01, 0.1))


def inject(lab: Lab, draw: Draw) -> None:
    """Shorten the lifetime, as someone would who wants fresher features."""
    lifetime = draw.of(LIFETIME)
    summary = messages.summary(draw, "FEATURE_CACHE_TTL_SECONDS", lifetime)
    lab.configuration.change("risk", "FEATURE_CACHE_TTL_SECONDS", lifetime, author=draw.author(), summary=summary)


FAULT = Fault(
    id="risk-cache-ttl-cut",
    title="The cache that stopped helping",
    story=__doc__ or "",
    category=Category.TIMEOUT_CONFIG,
    difficulty=3,
    tracks=frozenset({Track.DEVOPS, Track.SRE}),
    root_cause=Cause(C.RISK, T.CONFIGURATION_CHANGE, M.CACHE_LIFETIME_TOO_SHORT),
    accepted=(Cause(C.LINK_RISK_REDIS, T.CONFIGURATION_CHANGE, M.CACHE_LIFETIME_TOO_SHORT),),
    impact=frozenset({Impact.CHECKOUT_ERRORS}),
    chain=(
        Link(C.RISK, "risk is rolled out with a shorter lifetime", probes.rolled_out("risk", at_least(1))),
        Link(C.RISK, "cached features expire before they are asked for again", MISSES),
        Link(C.POSTGRES, "every miss becomes a query", QUERIES),
        Link(C.RISK, "requests queue for risk's connection", POOL_WAIT),
        Link(C.RISK, "the slowest answers are refusals, or later than payments waits for (250 ms)", TAIL),
        Link(C.PAYMENTS, "payments gives up on an attempt, and tries again", RETRIES),
        Link(C.GATEWAY, "no attempt is left: a 502", BAD_GATEWAY),
        Link(C.CLIENTS, "some checkouts fail", FAILING),
    ),
    must_move=(MISSES, QUERIES, POOL_WAIT, TAIL, RETRIES, BAD_GATEWAY, FAILING),
    must_not_move=(
        probes.cpu("payments", stays(0.5, 1.6)),
        probes.mean_latency("risk", "/assessments", at_most(0.06)),
        probes.call_mean("payments", "acquirer", stays(0.7, 1.4)),
        probes.traffic(stays(0.7, 1.4)),
        probes.released("risk", at_most(0)),
        probes.cache_errors(at_most(0.5)),
        # Evictions come in bursts: between two bursts only the limit rules out redis-evictions.
        probes.evictions(at_most(0)),
        probes.memory_limit(stays(0.9, 1.1)),
        probes.failing("lookup|history|refund", at_most(0.02)),
    ),
    symptom=FAILING,
    blast_radius=frozenset({C.RISK, C.POSTGRES, C.PAYMENTS, C.GATEWAY, C.CLIENTS}),
    near_misses=(
        near_miss(C.RISK, T.CODE_RELEASE, M.CACHE_KEY_MISMATCH, "no release went out: risk's version is unchanged"),
        near_miss(C.RISK, T.CONFIGURATION_CHANGE, M.CACHE_STAMPEDE, "the misses spread over all keys"),
        near_miss(C.REDIS, T.CONFIGURATION_CHANGE, M.CACHE_EVICTION, "Redis evicted nothing, and its memory is free"),
        near_miss(C.POSTGRES, T.DEPENDENCY_DEGRADATION, M.SLOW_DEPENDENCY, "a query costs what it did; there are more"),
        near_miss(C.POSTGRES, T.SCHEMA_MIGRATION, M.MISSING_INDEX, "no migration ran; the plans use the same indexes"),
        near_miss(C.RISK, T.CONFIGURATION_CHANGE, M.POOL_TOO_SMALL, "the pool kept its size: the demand for it grew"),
        near_miss(C.PAYMENTS, T.CONFIGURATION_CHANGE, M.TIMEOUT_TOO_SHORT, "payments waits as long as it always did"),
        near_miss(C.PAYMENTS, T.CODE_RELEASE, M.CPU_CONTENTION, "payments' CPU and own time are normal: it waits"),
        near_miss(C.RISK, T.BAD_DATA, M.DATA_SKEW, "the busy accounts were there before; the cache carried them"),
        near_miss(C.RISK, T.TRAFFIC_CHANGE, M.OVERLOAD, "the clients send what they sent before"),
    ),
    evidence=(
        entry(C.RISK, f"TTL_SECONDS={LIFETIME.pattern}", C.RISK, T.CONFIGURATION_CHANGE, M.CACHE_LIFETIME_TOO_SHORT),
        metric(C.RISK, MISSES, C.RISK, C.LINK_RISK_REDIS, M.CACHE_LIFETIME_TOO_SHORT),
        metric(C.RISK, QUERIES, C.RISK),
        lines(C.PAYMENTS, "call to risk failed", C.RISK),
    ),
    inject=inject,
    varies=(LIFETIME,),
    # On the reference, a busy account's query takes four times as long as its time-out.
    host=Host(fastest=4),
)
