"""A merchant's payments of the last four weeks are imported: it had four hundred, and now has a quarter of a million.

The first page of a history shows the merchant's figures, which are computed for each request; the query has a time-out.
For an ordinary merchant's few hundred rows it is fast, for this merchant's it always runs into the time-out. Payments
tries again, at last after a pause, and leaves the figures out. The merchant's shop system polls the history, so that
every fifth request is for this merchant: the slowest tenth of all histories takes a third of a second and more, while
half of them, and everything else, are as fast as before.
"""

from __future__ import annotations

from faults import database_probes, probes, statements
from labctl.model.draw import Draw, Range
from labctl.model.fault import Fault, Link, near_miss
from labctl.model.fault import RootCause as Cause
from labctl.model.lab import Lab
from labctl.model.merchant_import import MerchantImport
from labctl.model.probe import at_least, at_most, grows, stays
from labctl.model.signal import lines, metric, rows
from labctl.model.vocabulary import Category, Impact, Track
from labctl.model.vocabulary import Component as C
from labctl.model.vocabulary import Mechanism as M
from labctl.model.vocabulary import Trigger as T

POLLING_MERCHANT = 1721
"""The id of the merchant whose shop system polls (loadgen/population.py)."""
PAYMENTS = Range("how many payments are imported", ("240000", "255000", "270000"))
"""On a host as fast as the reference; on a faster host, more in proportion."""

ROWS = database_probes.table_rows("payments", grows(1.2))
CUT = database_probes.cut_statements("payments", at_least(0.003))
# Lower than the clients' tolerance: the slowest tenth is only three of thirty histories, and buckets are coarse.
GATEWAY = probes.latency("gateway", "/v1/merchants/<merchant_id>/payments", 0.9, at_least(0.2))
SLOW = probes.client_latency("history", 0.9, at_least(0.25))
LARGEST = statements.largest_merchant(grows(3))


def inject(lab: Lab, draw: Draw) -> None:
    """Import the merchant's payments, as when a merchant moves to us."""
    former = draw.one_of("NX-", "OP-", "TZ-")
    lab.database.import_payments(MerchantImport(POLLING_MERCHANT, int(draw.of(PAYMENTS)), reference=former))


FAULT = Fault(
    id="whale-merchant",
    title="The merchant that brought everything along",
    story=__doc__ or "",
    category=Category.DATA,
    difficulty=4,
    tracks=frozenset({Track.BACKEND, Track.SRE}),
    root_cause=Cause(C.POSTGRES, T.BAD_DATA, M.DATA_SKEW),
    accepted=(Cause(C.PAYMENTS, T.BAD_DATA, M.DATA_SKEW), Cause(C.LINK_PAYMENTS_POSTGRES, T.BAD_DATA, M.DATA_SKEW)),
    impact=frozenset({Impact.ONE_TENANT, Impact.HISTORY_SLOW}),
    chain=(
        Link(C.POSTGRES, "the table of payments nearly doubles within seconds", ROWS),
        Link(C.PAYMENTS, "some figures read hundreds of times as many rows, and are cancelled", CUT),
        Link(C.GATEWAY, "the slowest tenth of all histories takes long", GATEWAY),
        Link(C.CLIENTS, "one merchant waits for its history", SLOW),
    ),
    must_move=(ROWS, CUT, SLOW),
    must_not_move=(
        probes.client_latency("history", 0.5, stays(0.3, 3)),
        probes.client_latency("lookup", 0.5, stays(0.3, 3)),
        probes.traffic(stays(0.7, 1.4)),
        probes.failing("checkout|lookup", at_most(0.04)),
    ),
    symptom=SLOW,
    blast_radius=frozenset({C.POSTGRES, C.PAYMENTS, C.GATEWAY, C.CLIENTS}),
    near_misses=(
        near_miss(C.NONE, T.NOTHING, M.NOTHING_WRONG, "the slow ones are no random outliers: all are one merchant's"),
        near_miss(C.CLIENTS, T.TRAFFIC_CHANGE, M.OVERLOAD, "this merchant polls as often as it always did"),
        near_miss(C.POSTGRES, T.SCHEMA_MIGRATION, M.MISSING_INDEX, "no migration ran, and other merchants are fast"),
        near_miss(C.PAYMENTS, T.CODE_RELEASE, M.N_PLUS_ONE_QUERIES, "no release, and a history takes as many queries"),
        near_miss(C.POSTGRES, T.BAD_DATA, M.PLAN_REGRESSION, "the statistics are new and right: the work has grown"),
        near_miss(C.POSTGRES, T.TRAFFIC_CHANGE, M.OVERLOAD, "half of the histories and all look-ups are fast"),
        near_miss(C.PAYMENTS, T.CONFIGURATION_CHANGE, M.POOL_TOO_SMALL, "connections are free: nobody waits for one"),
        near_miss(C.PAYMENTS, T.NOTHING, M.THREAD_STARVATION, "requests of the same second are served at once"),
    ),
    evidence=(
        metric(C.POSTGRES, ROWS, T.BAD_DATA, M.DATA_SKEW),
        rows(C.POSTGRES, LARGEST, T.BAD_DATA, M.DATA_SKEW),
        metric(C.PAYMENTS, CUT, C.POSTGRES, C.PAYMENTS, C.LINK_PAYMENTS_POSTGRES),
        lines(C.PAYMENTS, "figures took too long", C.POSTGRES, C.PAYMENTS, C.LINK_PAYMENTS_POSTGRES),
    ),
    inject=inject,
    varies=(PAYMENTS,),
)
