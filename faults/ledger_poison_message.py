"""A record that can't be booked stands at the head of the stream, and the ledger tries it for ever.

A partner's connector wrote it, with a signed token of over six thousand characters in place of the request id. Every
field that is checked is right. Postgres refuses the row, since an index takes no value of that length, and the driver
reports this with the same class of error as a database that does not answer. The ledger waits for such a database and
counts no delivery, so the record never reaches the dead letters. All events behind it wait; balances stand still.
"""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from uuid import UUID

from faults import database_probes, probes, statements
from labctl.model.draw import Draw, Range
from labctl.model.fault import Fault, Link, near_miss
from labctl.model.fault import RootCause as Cause
from labctl.model.lab import Lab
from labctl.model.probe import at_least, at_most, shrinks, stays
from labctl.model.signal import lines, metric, rows
from labctl.model.vocabulary import Category, Impact, Track
from labctl.model.vocabulary import Component as C
from labctl.model.vocabulary import Mechanism as M
from labctl.model.vocabulary import Trigger as T

SIGNATURE = Range("the token's signature", ("4500", "4700", "5000"), "bytes")

TRIED = probes.events("postponed", at_least(0.3))
WAITING = probes.backlog(at_least(60))
BOOKED = probes.events("booked", shrinks(0.2))
LATE = probes.balances_late(at_least(9))


def inject(lab: Lab, draw: Draw) -> None:
    """Append the record, as the partner's connector did."""
    token = base64.urlsafe_b64encode(draw.data(int(draw.of(SIGNATURE)))).decode()  # as hard to compress as a real one
    lab.stream.publish(
        {
            "event_id": str(UUID(bytes=draw.data(16), version=5)),
            "type": "payment.captured",
            "payment_id": str(UUID(bytes=draw.data(16), version=4)),
            "merchant_id": str(draw.number(1, 2_000)),
            "customer_id": str(draw.number(1, 50_000)),
            "amount_minor": str(draw.number(1_490, 8_990, 100)),
            "currency": "EUR",
            "occurred_at": datetime.now(UTC).isoformat(),
            "request_id": f"eyJhbGciOiJFUzI1NiJ9.{token}",
        }
    )


FAULT = Fault(
    id="ledger-poison-message",
    title="The record that would not be booked",
    story=__doc__ or "",
    category=Category.DATA,
    difficulty=3,
    tracks=frozenset({Track.BACKEND, Track.SRE}),
    root_cause=Cause(C.LEDGER, T.BAD_DATA, M.POISON_MESSAGE),
    accepted=(Cause(C.LINK_LEDGER_REDIS, T.BAD_DATA, M.POISON_MESSAGE), Cause(C.REDIS, T.BAD_DATA, M.POISON_MESSAGE)),
    impact=frozenset({Impact.STALE_BALANCES}),
    chain=(
        Link(C.LEDGER, "one record is tried again and again", TRIED),
        Link(C.LEDGER, "what comes after it waits", WAITING),
        Link(C.LEDGER, "nothing is booked any more", BOOKED),
        Link(C.LEDGER, "merchants' balances are late", LATE),
    ),
    must_move=(TRIED, WAITING, BOOKED, LATE),
    must_not_move=(
        probes.failing("checkout|lookup|history|refund", at_most(0.03)),
        probes.client_latency("checkout", 0.5, stays(0.4, 2.5)),
        database_probes.statement("payments", "INSERT payments", 0.5, stays(0.3, 4)),
        probes.traffic(stays(0.7, 1.4)),
        probes.events("dead", at_most(0)),
    ),
    symptom=LATE,
    blast_radius=frozenset({C.LEDGER, C.REDIS}),
    near_misses=(
        near_miss(C.LEDGER, T.TRAFFIC_CHANGE, M.CONSUMER_LAG, "it books nothing, and the traffic is what it was"),
        near_miss(C.LEDGER, T.NOTHING, M.CONSUMER_LAG, "it is not too slow: it stands still since one record"),
        near_miss(
            C.POSTGRES, T.INFRASTRUCTURE_FAILURE, M.SLOW_DEPENDENCY, "payments writes to the same server, as ever"
        ),
        near_miss(C.LINK_LEDGER_POSTGRES, T.INFRASTRUCTURE_FAILURE, M.NETWORK_PARTITION, "the server answers each try"),
        near_miss(C.REDIS, T.INFRASTRUCTURE_FAILURE, M.SLOW_DEPENDENCY, "the stream takes and hands out every record"),
        near_miss(C.LEDGER, T.CODE_RELEASE, M.SCHEMA_MISMATCH, "the ledger's version is the one that booked before"),
        near_miss(C.PAYMENTS, T.CODE_RELEASE, M.SCHEMA_MISMATCH, "payments was not released: its events are booked"),
        near_miss(C.POSTGRES, T.SCHEDULED_JOB, M.ROW_LOCK_CONTENTION, "the ledger waits for no lock: it is refused"),
    ),
    evidence=(
        metric(C.LEDGER, TRIED, C.LEDGER, M.POISON_MESSAGE),
        lines(C.LEDGER, "waiting: index row size", T.BAD_DATA, M.POISON_MESSAGE),
        rows(C.POSTGRES, statements.last_booking(at_least(8)), C.LEDGER),
    ),
    inject=inject,
    varies=(SIGNATURE,),
    page_within_s=60.0,
)
