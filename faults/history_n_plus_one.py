"""A release of payments reads what it shows beside a merchant's payments one row at a time.

The history of a merchant was two statements, whatever its length. Now every payment on the page asks for its customer,
what that one has paid lately, its last payment and the refunds. Look-ups of one moment are gathered into one statement:
each waits five milliseconds for others to join in. But a page asks for one after the other, so that nobody ever does:
eighty statements for a page of twenty. Each takes a millisecond, as it should, and the database is far from busy. The
waits and round trips add up and make the page slow, and only this page.
"""

from __future__ import annotations

from faults import database_probes, messages, probes
from labctl.model.draw import Draw
from labctl.model.fault import Fault, Link, near_miss
from labctl.model.fault import RootCause as Cause
from labctl.model.lab import Lab
from labctl.model.probe import at_least, at_most, grows, shrinks, stays
from labctl.model.signal import entry, metric, spans
from labctl.model.vocabulary import Category, Impact, Track
from labctl.model.vocabulary import Component as C
from labctl.model.vocabulary import Mechanism as M
from labctl.model.vocabulary import Trigger as T

HISTORY = "/merchants/<merchant_id>/payments"
RELEASED = probes.released("payments", at_least(0.5))
PER_ANSWER = database_probes.queries_per_answer("payments", grows(2))
OWN = probes.latency("payments", HISTORY, 0.5, grows(3))
SLOW = probes.client_latency("history", 0.5, at_least(0.25))


def inject(lab: Lab, draw: Draw) -> None:
    """Release the version that reads row by row."""
    messages.ship(lab, draw, "payments", "2.15.0")


FAULT = Fault(
    id="history-n-plus-one",
    title="A hundred questions for one page",
    story=__doc__ or "",
    category=Category.CODE,
    difficulty=2,
    tracks=frozenset({Track.BACKEND}),
    root_cause=Cause(C.PAYMENTS, T.CODE_RELEASE, M.N_PLUS_ONE_QUERIES),
    accepted=(Cause(C.LINK_PAYMENTS_POSTGRES, T.CODE_RELEASE, M.N_PLUS_ONE_QUERIES),),
    impact=frozenset({Impact.HISTORY_SLOW}),
    chain=(
        Link(C.PAYMENTS, "a new version of payments serves", RELEASED),
        Link(C.PAYMENTS, "it runs twice as many statements for its answers, and more", PER_ANSWER),
        Link(C.PAYMENTS, "a page of history waits for one after the other", OWN),
        Link(C.GATEWAY, "so does the gateway", probes.latency("gateway", f"/v1{HISTORY}", 0.5, grows(2.5))),
        Link(C.CLIENTS, "merchants wait for their history", SLOW),
    ),
    must_move=(RELEASED, PER_ANSWER, OWN, SLOW),
    must_not_move=(
        database_probes.query_mean("payments", shrinks(1.8)),
        probes.client_latency("lookup", 0.5, at_most(0.08)),
        probes.client_latency("checkout", 0.5, shrinks(1.8)),
        database_probes.pool_timeouts("payments", at_most(0)),
        probes.failing("checkout|lookup|refund", at_most(0.02)),
        probes.traffic(stays(0.7, 1.4)),
    ),
    symptom=SLOW,
    blast_radius=frozenset({C.PAYMENTS, C.POSTGRES, C.GATEWAY, C.CLIENTS}),
    near_misses=(
        near_miss(C.POSTGRES, T.TRAFFIC_CHANGE, M.OVERLOAD, "merchants ask as often as before; a page asks for more"),
        near_miss(C.POSTGRES, T.SCHEMA_MIGRATION, M.MISSING_INDEX, "no migration ran: every statement uses an index"),
        near_miss(C.POSTGRES, T.NOTHING, M.PLAN_REGRESSION, "a statement takes what it took: there are more of them"),
        near_miss(C.POSTGRES, T.DEPENDENCY_DEGRADATION, M.SLOW_DEPENDENCY, "the other pages read as fast as ever"),
        near_miss(
            C.PAYMENTS,
            T.CODE_RELEASE,
            M.EXPENSIVE_COMPUTATION,
            "its CPU is idle: the time goes into waits between statements",
        ),
        near_miss(C.PAYMENTS, T.BAD_DATA, M.DATA_SKEW, "every merchant's page is slow, the small ones' too"),
        near_miss(C.PAYMENTS, T.CONFIGURATION_CHANGE, M.POOL_TOO_SMALL, "nothing waits for a connection"),
        near_miss(C.GATEWAY, T.CODE_RELEASE, M.SLOW_DEPENDENCY, "the gateway is the same, and waits for payments"),
    ),
    evidence=(
        entry(C.PAYMENTS, r"^release ", C.PAYMENTS, T.CODE_RELEASE),
        metric(C.PAYMENTS, PER_ANSWER, C.PAYMENTS, C.LINK_PAYMENTS_POSTGRES, M.N_PLUS_ONE_QUERIES),
        spans(C.PAYMENTS, HISTORY, C.PAYMENTS, C.LINK_PAYMENTS_POSTGRES, min_ms=150),
    ),
    inject=inject,
)
