"""A release of payments takes a connection for every charge, and gives it back only where the charge went through.

The release was to spare a connection for payments that risk declines. It takes one when the card is about to be
charged, and the way of a captured payment gives it back; but a card that the acquirer declines, one in forty, leaves by
another way, which takes a second connection and forgets the first. Nothing shows at first. The pool has a connection
less every few seconds, and after half a minute the last is gone: whatever needs the database waits, and gives up.
The connections are idle, the database has nothing to do, and waiting does not help: no connection ever comes back.
"""

from __future__ import annotations

from faults import database_probes, messages, probes
from labctl.model.draw import Draw
from labctl.model.fault import Fault, Link, near_miss
from labctl.model.fault import RootCause as Cause
from labctl.model.lab import Lab
from labctl.model.probe import at_least, at_most, shrinks, stays
from labctl.model.signal import entry, lines, metric
from labctl.model.vocabulary import Category, Impact, Track
from labctl.model.vocabulary import Component as C
from labctl.model.vocabulary import Mechanism as M
from labctl.model.vocabulary import Trigger as T

RELEASED = probes.released("payments", at_least(0.5))
KEPT = database_probes.connections_kept("payments", at_least(4))
GIVEN_UP = database_probes.pool_timeouts("payments", at_least(0.5))
FAILED = probes.answers("gateway", "5xx", at_least(0.05))
FAILING = probes.failing("checkout", at_least(0.05))


def inject(lab: Lab, draw: Draw) -> None:
    """Release the version that keeps connections."""
    messages.ship(lab, draw, "payments", "2.14.2")


FAULT = Fault(
    id="payments-connection-leak",
    title="The connections that never came back",
    story=__doc__ or "",
    category=Category.CODE,
    difficulty=3,
    tracks=frozenset({Track.BACKEND}),
    root_cause=Cause(C.PAYMENTS, T.CODE_RELEASE, M.CONNECTION_LEAK),
    accepted=(Cause(C.LINK_PAYMENTS_POSTGRES, T.CODE_RELEASE, M.CONNECTION_LEAK),),
    impact=frozenset({Impact.CHECKOUT_ERRORS, Impact.CHECKOUT_OUTAGE, Impact.EVERYTHING_FAILS}),
    chain=(
        Link(C.PAYMENTS, "a new version of payments serves", RELEASED),
        Link(C.PAYMENTS, "more and more connections are lent out and stay so", KEPT),
        Link(C.PAYMENTS, "the pool is empty: waits for a connection are given up", GIVEN_UP),
        Link(C.GATEWAY, "payments has no answer: the gateway says 502, or 503 once its breaker is open", FAILED),
        Link(C.CLIENTS, "checkouts fail, at last all of them", FAILING),
    ),
    must_move=(RELEASED, KEPT, GIVEN_UP, FAILED, FAILING),
    must_not_move=(
        database_probes.pool_size("payments", stays(0.9, 1.1)),
        database_probes.query_mean("payments", shrinks(1.8)),
        database_probes.queries_per_answer("payments", shrinks(1.6)),
        probes.cpu("postgres", at_most(0.5)),  # idle, scheduled reports included
        probes.traffic(stays(0.7, 1.4)),
    ),
    symptom=FAILING,
    blast_radius=frozenset({C.PAYMENTS, C.GATEWAY, C.CLIENTS, C.LEDGER}),
    near_misses=(
        near_miss(C.PAYMENTS, T.CONFIGURATION_CHANGE, M.POOL_TOO_SMALL, "it has the size it had, which was enough"),
        near_miss(C.PAYMENTS, T.CODE_RELEASE, M.POOL_TOO_SMALL, "a larger pool would be empty too, a little later"),
        near_miss(C.PAYMENTS, T.TRAFFIC_CHANGE, M.OVERLOAD, "traffic is what it was; the pool empties all the same"),
        near_miss(C.POSTGRES, T.DEPENDENCY_DEGRADATION, M.SLOW_DEPENDENCY, "statements take what they took"),
        near_miss(
            C.POSTGRES, T.CONFIGURATION_CHANGE, M.CONNECTION_SLOTS_EXHAUSTED, "Postgres has slots to spare, nobody asks"
        ),
        near_miss(C.POSTGRES, T.SCHEDULED_JOB, M.ROW_LOCK_CONTENTION, "the sessions are idle, none waits for a lock"),
        near_miss(C.ACQUIRER, T.DEPENDENCY_DEGRADATION, M.SLOW_DEPENDENCY, "the acquirer answers as fast as before"),
        near_miss(C.PAYMENTS, T.CODE_RELEASE, M.N_PLUS_ONE_QUERIES, "an answer takes as many statements as before"),
    ),
    evidence=(
        entry(C.PAYMENTS, r"^release ", C.PAYMENTS, T.CODE_RELEASE),
        metric(C.PAYMENTS, KEPT, C.PAYMENTS, C.LINK_PAYMENTS_POSTGRES, M.CONNECTION_LEAK),
        lines(C.PAYMENTS, "no connection came free in time", C.PAYMENTS, C.LINK_PAYMENTS_POSTGRES),
        metric(C.GATEWAY, FAILED, C.PAYMENTS, C.LINK_PAYMENTS_POSTGRES),
    ),
    inject=inject,
    page_within_s=120,
)
