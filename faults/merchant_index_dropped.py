"""A migration drops two indexes that look unused; every query for a merchant's history uses one of them.

The statistics that showed them as unused were reset when the database was last moved. Without the index, the queries
for the first page of a history read the whole table of payments, row by row and several times, for every merchant. The
query for the merchant's figures runs into its time-out: payments tries it again, at last after a pause, and leaves the
figures out. Histories are slow for everybody, and nothing else is, since no other query used that index.
"""

from __future__ import annotations

from faults import database_probes, messages, probes, statements
from labctl.model.draw import Draw
from labctl.model.fault import Fault, Host, Link, near_miss
from labctl.model.fault import RootCause as Cause
from labctl.model.lab import Lab
from labctl.model.migration import Migration
from labctl.model.probe import at_least, at_most, grows, stays
from labctl.model.signal import entry, lines, metric, rows
from labctl.model.vocabulary import Category, Impact, Track
from labctl.model.vocabulary import Component as C
from labctl.model.vocabulary import Mechanism as M
from labctl.model.vocabulary import Trigger as T

ROUTE = "/merchants/<merchant_id>/payments"
MIGRATION = Migration(
    "0031_drop_unused_indexes",
    up="""
-- Nothing has used these since the statistics began.
DROP INDEX IF EXISTS idempotency_keys_created;
DROP INDEX IF EXISTS payments_merchant_created;
""",
    down="""
CREATE INDEX IF NOT EXISTS idempotency_keys_created ON idempotency_keys (created_at);
CREATE INDEX IF NOT EXISTS payments_merchant_created ON payments (merchant_id, created_at DESC, id DESC);
""",
)

SCANNED = database_probes.rows_scanned("payments", "payments", ROUTE, at_least(150_000))
PAYMENTS = probes.latency("payments", ROUTE, 0.95, at_least(0.25))
GATEWAY = probes.latency("gateway", f"/v1{ROUTE}", 0.95, at_least(0.25))
CUT = database_probes.cut_statements("payments", at_least(0.02))
HALF = probes.client_latency("history", 0.5, grows(3))
SLOW = probes.client_latency("history", 0.95, at_least(0.25))


def inject(lab: Lab, draw: Draw) -> None:
    """Drop the indexes, as someone who saves disk space would."""
    summary = messages.summary(draw, "DROP INDEX")
    lab.database.migrate(messages.named(draw, MIGRATION), author=draw.author(), summary=summary)


FAULT = Fault(
    id="merchant-index-dropped",
    title="The index that nothing used",
    story=__doc__ or "",
    category=Category.DATA,
    difficulty=2,
    tracks=frozenset({Track.BACKEND, Track.DEVOPS}),
    root_cause=Cause(C.POSTGRES, T.SCHEMA_MIGRATION, M.MISSING_INDEX),
    accepted=(Cause(C.LINK_PAYMENTS_POSTGRES, T.SCHEMA_MIGRATION, M.MISSING_INDEX),),
    impact=frozenset({Impact.HISTORY_SLOW}),
    chain=(
        Link(C.POSTGRES, "every look at a history reads the whole table, more than once", SCANNED),
        Link(C.PAYMENTS, "figures take too long, are cancelled and tried again, at last after a pause", CUT),
        Link(C.PAYMENTS, "every page waits for that", PAYMENTS),
        Link(C.GATEWAY, "histories are slow, whichever merchant asks", GATEWAY),
        Link(C.CLIENTS, "merchants wait for their history", SLOW),
    ),
    must_move=(SCANNED, CUT, HALF, SLOW),
    must_not_move=(
        probes.client_latency("lookup", 0.5, stays(0.3, 3)),
        database_probes.statement("payments", "INSERT payments", 0.5, stays(0.3, 4)),
        database_probes.table_rows("payments", stays(0.9, 1.1)),
        probes.traffic(stays(0.7, 1.4)),
        probes.failing("checkout|lookup", at_most(0.04)),
    ),
    symptom=SLOW,
    blast_radius=frozenset({C.POSTGRES, C.PAYMENTS, C.GATEWAY, C.CLIENTS}),
    near_misses=(
        near_miss(C.CLIENTS, T.TRAFFIC_CHANGE, M.OVERLOAD, "the clients send what they sent before, histories too"),
        near_miss(C.POSTGRES, T.TRAFFIC_CHANGE, M.OVERLOAD, "the number of queries is the same; one reads far more"),
        near_miss(C.PAYMENTS, T.CODE_RELEASE, M.N_PLUS_ONE_QUERIES, "no release of payments: as many queries as ever"),
        near_miss(C.POSTGRES, T.BAD_DATA, M.DATA_SKEW, "every merchant's history is slow, and the table did not grow"),
        near_miss(C.POSTGRES, T.NOTHING, M.PLAN_REGRESSION, "the planner chooses as well as ever: the index is gone"),
        near_miss(C.POSTGRES, T.SCHEMA_MIGRATION, M.TABLE_LOCK, "nobody waits for a lock: the query itself works"),
        near_miss(C.PAYMENTS, T.CONFIGURATION_CHANGE, M.POOL_TOO_SMALL, "connections are free: nobody waits for one"),
        near_miss(C.POSTGRES, T.INFRASTRUCTURE_FAILURE, M.CPU_THROTTLING, "other queries are as fast as ever"),
    ),
    evidence=(
        entry(C.POSTGRES, "DROP INDEX", C.POSTGRES, T.SCHEMA_MIGRATION, M.MISSING_INDEX),
        metric(C.POSTGRES, SCANNED, C.POSTGRES, M.MISSING_INDEX),
        rows(C.POSTGRES, statements.indexes_by_merchant(at_most(0)), C.POSTGRES, T.SCHEMA_MIGRATION, M.MISSING_INDEX),
        lines(C.PAYMENTS, "figures took too long", C.POSTGRES, C.LINK_PAYMENTS_POSTGRES),
    ),
    inject=inject,
    # The figures' query reads the table sixteen times: four times as fast, it still takes twice its time-out.
    host=Host(fastest=4),
)
