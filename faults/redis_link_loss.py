"""One packet in eight between risk and Redis is lost on the way, in both directions.

TCP sends a lost packet again, but only after a fifth of a second: longer than risk waits for the cache. Such a look-up
counts as a miss after one or two tenths of a second; risk asks Postgres, and may wait once more when it stores the
result. The average hardly moves; the slowest answers come later than payments waits, and payments asks again. Redis
itself is as quick as before, and so are its answers to everybody else.
"""

from __future__ import annotations

from faults import probes
from labctl.model.draw import Draw, Range
from labctl.model.fault import Fault, Link, near_miss
from labctl.model.fault import RootCause as Cause
from labctl.model.lab import Lab
from labctl.model.probe import at_least, at_most, stays
from labctl.model.signal import lines, metric
from labctl.model.vocabulary import Category, Impact, Track
from labctl.model.vocabulary import Component as C
from labctl.model.vocabulary import Mechanism as M
from labctl.model.vocabulary import Trigger as T

LOSS = Range("the share of packets that is lost", ("0.12", "0.13", "0.14"))

# One segment in 20 s is enough: a healthy lab's network loses none, and risk waits for the first one that is lost.
RESENT = probes.retransmits("redis", at_least(0.04))
UNANSWERED = probes.cache_errors(at_least(0.3))
TAIL = probes.latency("risk", "/assessments", 0.99, at_least(0.22))
RETRIES = probes.retries("payments", "risk", at_least(0.01))
SLOW = probes.client_latency("checkout", 0.99, at_least(0.55))


def inject(lab: Lab, draw: Draw) -> None:
    """Drop packets between risk and Redis, as a bad cable or a full switch would."""
    lab.network.lose("risk", "redis", float(draw.of(LOSS)))


FAULT = Fault(
    id="redis-link-loss",
    title="The line that swallows words",
    story=__doc__ or "",
    category=Category.INFRASTRUCTURE,
    difficulty=4,
    tracks=frozenset({Track.DEVOPS, Track.SRE}),
    root_cause=Cause(C.LINK_RISK_REDIS, T.INFRASTRUCTURE_FAILURE, M.PACKET_LOSS),
    impact=frozenset({Impact.CHECKOUT_SLOW, Impact.CHECKOUT_ERRORS}),
    chain=(
        Link(C.LINK_RISK_REDIS, "packets are lost, and have to be sent again", RESENT),
        Link(C.RISK, "the cache's answers come too late for risk", UNANSWERED),
        Link(C.RISK, "the slowest assessments pass what payments waits for", TAIL),
        Link(C.PAYMENTS, "payments gives up on attempts, and tries again", RETRIES),
        Link(
            C.GATEWAY,
            "the gateway's answers wait for all of that",
            probes.latency("gateway", "/v1/checkouts", 0.99, at_least(0.55)),
        ),
        Link(C.CLIENTS, "some checkouts take long", SLOW),
    ),
    must_move=(RESENT, UNANSWERED, TAIL, SLOW),
    must_not_move=(
        probes.command_time("get", at_most(0.0005)),
        probes.cpu("redis", at_most(0.1)),
        probes.throttled("risk", at_most(0.2)),
        probes.rolled_out("risk", at_most(0)),
        probes.evictions(at_most(0)),
        probes.backlog(at_most(100)),
        probes.call_quantile("payments", "acquirer", 0.5, stays(0.5, 2)),
        probes.traffic(stays(0.6, 1.5)),
        probes.failing("lookup|history", at_most(0.02)),
    ),
    symptom=SLOW,
    blast_radius=frozenset({C.LINK_RISK_REDIS, C.RISK, C.POSTGRES, C.PAYMENTS, C.GATEWAY, C.CLIENTS}),
    near_misses=(
        near_miss(C.REDIS, T.DEPENDENCY_DEGRADATION, M.SLOW_DEPENDENCY, "Redis takes microseconds, as it always did"),
        near_miss(C.REDIS, T.INFRASTRUCTURE_FAILURE, M.CPU_THROTTLING, "Redis' CPU is idle, and it is not throttled"),
        near_miss(C.REDIS, T.CONFIGURATION_CHANGE, M.CACHE_EVICTION, "nothing is evicted, the keys are all there"),
        near_miss(C.LINK_RISK_REDIS, T.INFRASTRUCTURE_FAILURE, M.NETWORK_PARTITION, "most commands get through"),
        near_miss(C.LINK_RISK_REDIS, T.INFRASTRUCTURE_FAILURE, M.BANDWIDTH_LIMIT, "what arrives is not slower"),
        near_miss(C.LINK_PAYMENTS_REDIS, T.INFRASTRUCTURE_FAILURE, M.PACKET_LOSS, "events reach the stream at once"),
        near_miss(C.LINK_RISK_POSTGRES, T.INFRASTRUCTURE_FAILURE, M.PACKET_LOSS, "queries take what they took"),
        near_miss(C.RISK, T.CONFIGURATION_CHANGE, M.TIMEOUT_TOO_SHORT, "risk waits for the cache as long as ever"),
    ),
    evidence=(
        metric(C.REDIS, RESENT, T.INFRASTRUCTURE_FAILURE, M.PACKET_LOSS),
        metric(C.RISK, UNANSWERED, C.LINK_RISK_REDIS),
        lines(C.RISK, "feature cache: .* failed", C.LINK_RISK_REDIS),
    ),
    inject=inject,
    varies=(LOSS,),
)
