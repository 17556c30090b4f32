"""A release of the jobs makes reconciliation lock the merchants that sell most, and take its time over them.

It compares merchant by merchant in one transaction that begins with FOR UPDATE, and pauses in between, to be easy on
the database. Whoever inserts a payment has to share the merchant's row for the foreign key, which FOR UPDATE forbids.
So for three seconds out of twenty, every checkout at one of these merchants waits; the others, and those at any other
time, do not. Those that wait longest run into the statement's limit, and keep their connections all the while.
"""

from __future__ import annotations

from faults import database_probes, messages, probes, statements
from labctl.model.draw import Draw
from labctl.model.fault import Fault, Link, near_miss
from labctl.model.fault import RootCause as Cause
from labctl.model.lab import Lab
from labctl.model.probe import at_least, stays
from labctl.model.signal import entry, metric, rows
from labctl.model.vocabulary import Category, Impact, Track
from labctl.model.vocabulary import Component as C
from labctl.model.vocabulary import Mechanism as M
from labctl.model.vocabulary import Trigger as T

IDLE = database_probes.open_transaction("jobs", at_least(1))
WAITERS = database_probes.sessions("sessions that wait for a lock", 'wait_event_type="Lock"', at_least(2))
WAITING = probes.latency("payments", "/checkouts", 0.99, at_least(0.6))
SPIKES = probes.client_latency("checkout", 0.99, at_least(0.6))
BLOCKED = statements.blocked_by("jobs", at_least(1))


def inject(lab: Lab, draw: Draw) -> None:
    """Release the version of the jobs that locks the merchants' rows."""
    messages.ship(lab, draw, "jobs", "1.4.0")


FAULT = Fault(
    id="reconcile-row-locks",
    title="The job that held on",
    story=__doc__ or "",
    category=Category.INFRASTRUCTURE,
    difficulty=4,
    tracks=frozenset({Track.BACKEND, Track.SRE}),
    root_cause=Cause(C.JOBS, T.SCHEDULED_JOB, M.ROW_LOCK_CONTENTION),
    accepted=(
        Cause(C.JOBS, T.CODE_RELEASE, M.ROW_LOCK_CONTENTION),
        Cause(C.POSTGRES, T.SCHEDULED_JOB, M.ROW_LOCK_CONTENTION),
    ),
    impact=frozenset({Impact.CHECKOUT_SLOW, Impact.CHECKOUT_ERRORS}),
    chain=(
        Link(C.JOBS, "the jobs are rolled out", probes.rolled_out("jobs", at_least(1))),
        Link(C.JOBS, "a run keeps its transaction open while it pauses", IDLE),
        Link(C.POSTGRES, "sessions wait for the locks that it holds", WAITERS),
        Link(C.PAYMENTS, "checkouts wait where they record the payment", WAITING),
        Link(C.GATEWAY, "some checkouts take seconds", probes.latency("gateway", "/v1/checkouts", 0.99, at_least(0.6))),
        Link(C.CLIENTS, "some customers wait, every twenty seconds", SPIKES),
    ),
    must_move=(IDLE, WAITERS, WAITING, SPIKES),
    must_not_move=(
        probes.client_latency("checkout", 0.5, stays(0.4, 2)),
        probes.client_latency("lookup", 0.5, stays(0.3, 3)),
        probes.call_mean("payments", "acquirer", stays(0.6, 1.6)),
        probes.cpu("payments", stays(0.4, 2)),
        probes.traffic(stays(0.7, 1.4)),
    ),
    symptom=SPIKES,
    blast_radius=frozenset({C.JOBS, C.POSTGRES, C.PAYMENTS, C.GATEWAY, C.CLIENTS}),
    near_misses=(
        near_miss(C.PAYMENTS, T.NOTHING, M.CPU_CONTENTION, "no garbage collection: payments waits, and uses no CPU"),
        near_miss(C.PAYMENTS, T.CODE_RELEASE, M.MEMORY_LEAK, "payments was not released, and its memory is level"),
        near_miss(C.ACQUIRER, T.DEPENDENCY_DEGRADATION, M.SLOW_DEPENDENCY, "it answers as fast as ever, in spikes too"),
        near_miss(C.PAYMENTS, T.CONFIGURATION_CHANGE, M.POOL_TOO_SMALL, "connections lack only while locks are held"),
        near_miss(C.POSTGRES, T.TRAFFIC_CHANGE, M.OVERLOAD, "the database has less to do while everybody waits"),
        near_miss(C.JOBS, T.SCHEDULED_JOB, M.EXPENSIVE_COMPUTATION, "the job's queries take milliseconds; it pauses"),
        near_miss(C.POSTGRES, T.SCHEMA_MIGRATION, M.TABLE_LOCK, "no migration: other merchants' payments go through"),
        near_miss(
            C.POSTGRES, T.SCHEDULED_JOB, M.DEADLOCK, "nobody is cancelled as a deadlock's victim: it ends by itself"
        ),
    ),
    evidence=(
        entry(C.JOBS, r"^release ", C.JOBS, T.CODE_RELEASE),
        metric(C.JOBS, IDLE, C.JOBS, T.SCHEDULED_JOB, T.CODE_RELEASE, M.ROW_LOCK_CONTENTION),
        metric(C.POSTGRES, WAITERS, M.ROW_LOCK_CONTENTION),
        rows(C.POSTGRES, BLOCKED, C.JOBS, T.SCHEDULED_JOB, T.CODE_RELEASE, M.ROW_LOCK_CONTENTION),
    ),
    inject=inject,
    page_within_s=60.0,
)
