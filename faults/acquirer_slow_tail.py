"""About one in thirty of the external processor's answers takes a detour, and more than a second.

Its median stays as it was and its mean hardly moves, so averages show nothing. But every checkout waits for the
processor at its end, and the slowest one in a hundred is what the service level looks at. Nothing of ours is slower,
nothing was released or configured: payments only spends more of its time waiting for the processor.
"""

from __future__ import annotations

from faults import database_probes, probes
from labctl.model.draw import Draw, Range
from labctl.model.fault import Fault, Link, near_miss
from labctl.model.fault import RootCause as Cause
from labctl.model.lab import Lab
from labctl.model.probe import at_least, at_most, stays
from labctl.model.signal import metric, spans
from labctl.model.vocabulary import Category, Impact, Track
from labctl.model.vocabulary import Component as C
from labctl.model.vocabulary import Mechanism as M
from labctl.model.vocabulary import Trigger as T

RATIO = Range("the share of answers that take the detour", ("0.035", "0.032", "0.03"))
DETOUR = Range("half of those within", ("1150", "1175", "1200"), "ms")

# More sensitive than the links that follow: those need one slow checkout in a hundred before they move.
OUTSIDE = probes.call_quantile("payments", "acquirer", 0.995, at_least(0.8))
WAITING = probes.latency("payments", "/checkouts", 0.99, at_least(0.8))
GATEWAY = probes.latency("gateway", "/v1/checkouts", 0.99, at_least(0.8))
SLOW = probes.client_latency("checkout", 0.99, at_least(0.8))


def inject(lab: Lab, draw: Draw) -> None:
    """Send a few answers by way of another of the processor's sites, as trouble on its side would."""
    lab.acquirer.change(DETOUR_RATIO=draw.of(RATIO), DETOUR_MEDIAN_MS=draw.of(DETOUR))


FAULT = Fault(
    id="acquirer-slow-tail",
    title="The long way round",
    story=__doc__ or "",
    category=Category.DOWNSTREAM,
    difficulty=3,
    tracks=frozenset({Track.SRE}),
    root_cause=Cause(C.ACQUIRER, T.DEPENDENCY_DEGRADATION, M.SLOW_DEPENDENCY),
    accepted=(Cause(C.LINK_PAYMENTS_ACQUIRER, T.DEPENDENCY_DEGRADATION, M.SLOW_DEPENDENCY),),
    impact=frozenset({Impact.CHECKOUT_SLOW}),
    chain=(
        Link(C.ACQUIRER, "some of its answers take more than a second", OUTSIDE),
        Link(C.PAYMENTS, "checkouts wait for them in payments", WAITING),
        Link(C.GATEWAY, "the gateway's answers wait for that", GATEWAY),
        Link(C.CLIENTS, "some checkouts take long", SLOW),
    ),
    must_move=(OUTSIDE, WAITING, SLOW),
    must_not_move=(
        probes.call_mean("payments", "acquirer", stays(0.6, 1.8)),
        probes.call_quantile("payments", "acquirer", 0.5, stays(0.6, 1.6)),
        probes.call_answers("payments", "acquirer", 403, at_most(0.005)),
        probes.latency("risk", "/assessments", 0.99, at_most(0.24)),
        probes.retries("payments", "risk", at_most(0.01)),
        database_probes.pool_wait("payments", 0.95, at_most(0.02)),
        probes.cpu("payments", stays(0.5, 1.7)),
        probes.rolled_out("payments", at_most(0)),
        probes.traffic(stays(0.6, 1.5)),
        probes.failing("checkout|lookup|history", at_most(0.02)),
    ),
    symptom=SLOW,
    blast_radius=frozenset({C.ACQUIRER, C.PAYMENTS, C.GATEWAY, C.CLIENTS}),
    near_misses=(
        near_miss(C.PAYMENTS, T.CODE_RELEASE, M.EXPENSIVE_COMPUTATION, "no release: its own time and CPU are level"),
        near_miss(
            C.PAYMENTS, T.CONFIGURATION_CHANGE, M.TIMEOUT_TOO_SHORT, "it waits for the acquirer as it always did"
        ),
        near_miss(C.PAYMENTS, T.CONFIGURATION_CHANGE, M.POOL_TOO_SMALL, "nothing waits for a connection"),
        near_miss(C.POSTGRES, T.DEPENDENCY_DEGRADATION, M.SLOW_DEPENDENCY, "statements take what they took"),
        near_miss(C.RISK, T.DEPENDENCY_DEGRADATION, M.SLOW_DEPENDENCY, "risk's tail is where it was"),
        near_miss(C.LINK_PAYMENTS_ACQUIRER, T.INFRASTRUCTURE_FAILURE, M.PACKET_LOSS, "payments sends nothing again"),
        near_miss(C.ACQUIRER, T.DEPENDENCY_DEGRADATION, M.DEPENDENCY_REJECTS, "it answers all, some of them late"),
        near_miss(C.CLIENTS, T.TRAFFIC_CHANGE, M.OVERLOAD, "the clients send what they sent before"),
    ),
    evidence=(
        metric(C.ACQUIRER, OUTSIDE, C.ACQUIRER, C.LINK_PAYMENTS_ACQUIRER, M.SLOW_DEPENDENCY),
        metric(C.PAYMENTS, WAITING, T.DEPENDENCY_DEGRADATION),
        spans(C.PAYMENTS, "/authorisations", C.ACQUIRER, C.LINK_PAYMENTS_ACQUIRER, M.SLOW_DEPENDENCY, min_ms=800),
    ),
    inject=inject,
    varies=(RATIO, DETOUR),
)
