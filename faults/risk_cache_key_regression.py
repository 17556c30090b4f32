"""A release of risk looks cached features up by customer and currency, but goes on storing them without one.

An entry that names no currency counts as euros, so features of British and American customers are computed, stored and
never found again. For most of them that is a cheap query more: three times as many queries, half of the look-ups
missing. But the few busy accounts are British and American too. Their query takes longer than risk lets one run, and
holds the only connection while it does, so that others wait. Payments tries again for more than two seconds; then small
payments go on without an assessment and larger ones fail.
"""

from __future__ import annotations

from faults import database_probes, messages, probes
from labctl.model.draw import Draw
from labctl.model.fault import Fault, Host, Link, near_miss
from labctl.model.fault import RootCause as Cause
from labctl.model.lab import Lab
from labctl.model.probe import at_least, at_most, between, grows, shrinks, stays
from labctl.model.signal import entry, lines, metric
from labctl.model.vocabulary import Category, Impact, Track
from labctl.model.vocabulary import Component as C
from labctl.model.vocabulary import Mechanism as M
from labctl.model.vocabulary import Trigger as T

RELEASED = probes.released("risk", at_least(0.25))
MISSES = probes.cache_hit_ratio(shrinks(0.8))
QUERIES = database_probes.queries("risk", grows(1.5))
CUT = database_probes.cut_statements("risk", at_least(0.02))
POOL_WAIT = database_probes.pool_wait("risk", 0.99, at_least(0.1))
# From 200 ms on, risk refuses for lack of a connection, or answers after payments' 250 ms: payments tries both again.
TAIL = probes.latency("risk", "/assessments", 0.99, at_least(0.2))
# A busy account's checkout tries five times: a smaller share would date the first of them, not the incident.
RETRIES = probes.retries("payments", "risk", at_least(0.06))
SLOW = probes.client_latency("checkout", 0.95, at_least(1))
BAD_GATEWAY = probes.answers("gateway", 502, at_least(0.005))
FAILING = probes.failing("checkout", between(0.01, 0.1))


def inject(lab: Lab, draw: Draw) -> None:
    """Release the version with the changed cache key."""
    messages.ship(lab, draw, "risk", "1.10.0")


FAULT = Fault(
    id="risk-cache-key-regression",
    title="The entry that nobody finds",
    story=__doc__ or "",
    category=Category.CODE,
    difficulty=4,
    tracks=frozenset({Track.BACKEND}),
    root_cause=Cause(C.RISK, T.CODE_RELEASE, M.CACHE_KEY_MISMATCH),
    accepted=(Cause(C.LINK_RISK_REDIS, T.CODE_RELEASE, M.CACHE_KEY_MISMATCH),),
    impact=frozenset({Impact.CHECKOUT_ERRORS, Impact.CHECKOUT_SLOW}),
    chain=(
        Link(C.RISK, "another version of risk answers", RELEASED),
        Link(C.RISK, "features of customers outside the euro are never found, and queried each time", MISSES),
        Link(C.POSTGRES, "the busy accounts' queries run into their time-out (300 ms)", CUT),
        Link(C.RISK, "they, and what queues for the connection, are later than payments waits for (250 ms)", TAIL),
        Link(C.PAYMENTS, "payments tries again and again, for seconds", RETRIES),
        Link(C.GATEWAY, "no attempt is left: a 502", BAD_GATEWAY),
        Link(C.CLIENTS, "some checkouts fail", FAILING),
    ),
    must_move=(RELEASED, MISSES, QUERIES, CUT, POOL_WAIT, TAIL, RETRIES, SLOW, BAD_GATEWAY, FAILING),
    must_not_move=(
        probes.cpu("payments", stays(0.5, 1.6)),
        probes.cpu("gateway", stays(0.5, 1.6)),
        probes.memory("risk", stays(0.6, 1.5)),
        probes.call_mean("payments", "acquirer", stays(0.7, 1.4)),
        probes.evictions(at_most(0)),
        probes.traffic(stays(0.7, 1.4)),
        probes.failing("lookup|history|refund", at_most(0.02)),
    ),
    symptom=FAILING,
    blast_radius=frozenset({C.RISK, C.POSTGRES, C.PAYMENTS, C.GATEWAY, C.CLIENTS}),
    near_misses=(
        near_miss(C.POSTGRES, T.INFRASTRUCTURE_FAILURE, M.OVERLOAD, "it answers everybody else as fast as ever"),
        near_miss(C.RISK, T.CONFIGURATION_CHANGE, M.CACHE_LIFETIME_TOO_SHORT, "entries live as long as before"),
        near_miss(C.RISK, T.CODE_RELEASE, M.CACHE_STAMPEDE, "misses come evenly, and from the same customers for ever"),
        near_miss(C.RISK, T.CODE_RELEASE, M.STALE_CACHE, "what the cache answers is right: it answers too seldom"),
        near_miss(C.RISK, T.CODE_RELEASE, M.N_PLUS_ONE_QUERIES, "an assessment runs one query at most, as before"),
        near_miss(C.REDIS, T.CONFIGURATION_CHANGE, M.CACHE_EVICTION, "Redis evicted nothing, and its memory is free"),
        near_miss(C.RISK, T.CONFIGURATION_CHANGE, M.POOL_TOO_SMALL, "the pool kept its size: the demand for it grew"),
        near_miss(C.PAYMENTS, T.CONFIGURATION_CHANGE, M.TIMEOUT_TOO_SHORT, "payments waits as long as it always did"),
    ),
    evidence=(
        entry(C.RISK, r"^release ", C.RISK, T.CODE_RELEASE),
        metric(C.RISK, MISSES, C.RISK, C.LINK_RISK_REDIS, M.CACHE_KEY_MISMATCH),
        metric(C.RISK, RELEASED, C.RISK, T.CODE_RELEASE),
        lines(C.PAYMENTS, "call to risk failed", C.RISK),
    ),
    inject=inject,
    # On the reference, a busy account's query takes four times as long as its time-out.
    host=Host(fastest=4),
)
