"""Nothing is wrong. The ledger is rolled out twice in a row, and an alert that is too eager wakes somebody up.

The rule means a ledger that restarts over and over, but fires at the second restart, and every roll-out is one. The new
release adds a field to a log line; right after it, a setting moves by a little. While the containers change places
the stream is read on, nothing waits, nothing is booked twice, balances are up to date, and no customer notices; half a
minute later the alert has gone by itself.
"""

from __future__ import annotations

from faults import messages, probes
from labctl.model.draw import Draw, Range
from labctl.model.fault import Fault, Link, near_miss
from labctl.model.fault import RootCause as Cause
from labctl.model.lab import Lab
from labctl.model.probe import at_least, at_most, stays
from labctl.model.signal import entry, metric
from labctl.model.vocabulary import Category, Impact, Track
from labctl.model.vocabulary import Component as C
from labctl.model.vocabulary import Mechanism as M
from labctl.model.vocabulary import Trigger as T

SETTING = Range("what is set right after the release", ("BATCH=25", "BATCH=28", "CLAIM_IDLE_MS=14000"))
"""Each within what colleagues' changes of it are proved harmless for, and none of their values."""

ROLLED_OUT = probes.rolled_out("ledger", at_least(1))
ALERT = probes.paging("LedgerRestarted", at_least(1))


def inject(lab: Lab, draw: Draw) -> None:
    """Release a version that is as good as the one before, and at once change a setting that hardly matters."""
    messages.ship(lab, draw, "ledger", "1.6.2")
    key, _, value = draw.of(SETTING).partition("=")
    summary = messages.summary(draw, key, value)
    lab.configuration.change("ledger", key, value, author=draw.author(), summary=summary)


FAULT = Fault(
    id="no-fault",
    title="A quiet night",
    story=__doc__ or "",
    category=Category.CODE,
    difficulty=2,
    tracks=frozenset({Track.DEVOPS, Track.SRE}),
    root_cause=Cause(C.NONE, T.NOTHING, M.NOTHING_WRONG),
    accepted=(Cause(C.NONE, T.CODE_RELEASE, M.NOTHING_WRONG),),
    impact=frozenset({Impact.NO_IMPACT}),
    chain=(
        Link(C.LEDGER, "the ledger is rolled out, and rolled out again", ROLLED_OUT),
        Link(C.LEDGER, "an alert takes that for trouble", ALERT),
    ),
    must_move=(ROLLED_OUT, ALERT),
    must_not_move=(
        probes.failing("checkout", at_most(0.02)),
        probes.failing("lookup|history|refund", at_most(0.02)),
        probes.client_latency("checkout", 0.95, at_most(0.5)),
        probes.latency("risk", "/assessments", 0.5, at_most(0.05)),
        probes.events("dead", at_most(0)),
        probes.backlog(at_most(100)),
        probes.cache_hit_ratio(stays(0.85, 1.15)),
        probes.evictions(at_most(0)),
        probes.traffic(stays(0.6, 1.5)),
    ),
    symptom=ALERT,
    blast_radius=frozenset({C.LEDGER}),
    near_misses=(
        near_miss(
            C.LEDGER, T.CODE_RELEASE, M.CONSUMER_LAG, "nothing waits: the stream is read as fast as it is filled"
        ),
        near_miss(C.LEDGER, T.CODE_RELEASE, M.OUT_OF_MEMORY_KILL, "it was replaced twice, and never killed"),
        near_miss(C.LEDGER, T.CODE_RELEASE, M.MEMORY_LEAK, "its memory is what it was"),
        near_miss(C.LEDGER, T.CODE_RELEASE, M.NOTHING_WRONG, "the release is as good as the one before it"),
        near_miss(C.LEDGER, T.BAD_DATA, M.POISON_MESSAGE, "no event comes back, none is given up"),
        near_miss(C.LEDGER, T.INFRASTRUCTURE_FAILURE, M.CPU_THROTTLING, "it gets all the CPU that it asks for"),
        near_miss(C.TELEMETRY, T.NOTHING, M.TELEMETRY_GAP, "all figures are there: it is the rule that is too eager"),
        near_miss(C.REDIS, T.DEPENDENCY_DEGRADATION, M.SLOW_DEPENDENCY, "the stream takes and gives as ever"),
    ),
    evidence=(
        entry(C.LEDGER, r"^release ", C.NONE, T.CODE_RELEASE, M.NOTHING_WRONG),
        metric(C.LEDGER, ROLLED_OUT, T.CODE_RELEASE),
        metric(C.LEDGER, ALERT, T.CODE_RELEASE),
    ),
    inject=inject,
    varies=(SETTING,),
)
