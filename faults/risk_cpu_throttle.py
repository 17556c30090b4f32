"""The CPU quota of risk's container is cut to a little less than what risk needs.

Whenever risk has used its share of a tenth of a second, the kernel makes it wait for the next tenth. At first only
requests in a burst are late, so only the slowest answers get slower. Then work piles up: answers come later than
payments waits, payments asks again, and risk still works on requests that nobody waits for any more. The queue does not
drain, and the median rises, too. A request costs as much CPU and as many queries as before; there is only less CPU.
"""

from __future__ import annotations

from faults import probes
from labctl.model.draw import Draw, Range
from labctl.model.fault import Fault, Link, near_miss
from labctl.model.fault import RootCause as Cause
from labctl.model.lab import Lab
from labctl.model.probe import at_least, at_most, shrinks, stays
from labctl.model.signal import lines, metric
from labctl.model.vocabulary import Category, Impact, Track
from labctl.model.vocabulary import Component as C
from labctl.model.vocabulary import Mechanism as M
from labctl.model.vocabulary import Trigger as T

SHARE = Range("the CPU that is left, as a share of what risk uses", ("0.85", "0.83", "0.8"))

THROTTLED = probes.throttled("risk", at_least(0.25))
TAIL = probes.latency("risk", "/assessments", 0.99, at_least(0.25))
MEDIAN = probes.latency("risk", "/assessments", 0.5, at_least(0.012))
RETRIES = probes.retries("payments", "risk", at_least(0.02))
SLOW = probes.client_latency("checkout", 0.99, at_least(0.7))
QUOTA = probes.quota("risk", shrinks(0.9))


def inject(lab: Lab, draw: Draw) -> None:
    """Leave risk a little less CPU than it uses, as a host that was given too many containers would."""
    lab.cpu.limit("risk", float(draw.of(SHARE)))


FAULT = Fault(
    id="risk-cpu-throttle",
    title="The rationed processor",
    story=__doc__ or "",
    category=Category.INFRASTRUCTURE,
    difficulty=3,
    tracks=frozenset({Track.DEVOPS, Track.SRE}),
    root_cause=Cause(C.RISK, T.INFRASTRUCTURE_FAILURE, M.CPU_THROTTLING),
    impact=frozenset({Impact.CHECKOUT_SLOW, Impact.CHECKOUT_ERRORS}),
    chain=(
        Link(C.RISK, "risk has used up its CPU before every period's end", THROTTLED),
        Link(C.RISK, "its slowest answers pass what payments waits for", TAIL),
        Link(C.PAYMENTS, "payments gives up on attempts, and tries again", RETRIES),
        Link(
            C.GATEWAY,
            "the gateway's answers wait for all of that",
            probes.latency("gateway", "/v1/checkouts", 0.99, at_least(0.7)),
        ),
        Link(C.CLIENTS, "some checkouts take long", SLOW),
    ),
    must_move=(THROTTLED, TAIL, MEDIAN, RETRIES, SLOW),
    must_not_move=(
        probes.cpu_per_answer("risk", stays(0.3, 2.5)),
        probes.cache_hit_ratio(stays(0.85, 1.15)),
        probes.rolled_out("risk", at_most(0)),
        probes.throttled("payments", at_most(0.25)),
        probes.call_quantile("payments", "acquirer", 0.5, stays(0.5, 2)),
        probes.traffic(stays(0.6, 1.5)),
        # Failing look-ups are not in this list: at a high rate, slow checkouts take all of the gateway's threads.
        probes.latency("payments", "/payments/<payment_id>", 0.5, stays(0.4, 2.5)),
    ),
    symptom=SLOW,
    blast_radius=frozenset({C.RISK, C.PAYMENTS, C.GATEWAY, C.CLIENTS}),
    near_misses=(
        near_miss(C.RISK, T.CODE_RELEASE, M.EXPENSIVE_COMPUTATION, "no release: an answer costs the CPU that it did"),
        near_miss(C.RISK, T.CONFIGURATION_CHANGE, M.CPU_THROTTLING, "the change feed has nothing: no one here did it"),
        near_miss(C.RISK, T.INFRASTRUCTURE_FAILURE, M.CPU_CONTENTION, "other containers get all the CPU they ask for"),
        near_miss(C.RISK, T.TRAFFIC_CHANGE, M.OVERLOAD, "the clients send what they sent before"),
        near_miss(C.RISK, T.CONFIGURATION_CHANGE, M.CACHE_LIFETIME_TOO_SHORT, "the cache answers as often as before"),
        near_miss(C.RISK, T.NOTHING, M.THREAD_STARVATION, "its threads are not held by calls: they wait for CPU"),
        near_miss(C.POSTGRES, T.DEPENDENCY_DEGRADATION, M.SLOW_DEPENDENCY, "as many queries as before, and as quick"),
        near_miss(C.PAYMENTS, T.CONFIGURATION_CHANGE, M.TIMEOUT_TOO_SHORT, "payments waits as long as it always did"),
    ),
    evidence=(
        metric(C.RISK, THROTTLED, C.RISK, M.CPU_THROTTLING),
        metric(C.RISK, QUOTA, C.RISK, T.INFRASTRUCTURE_FAILURE, M.CPU_THROTTLING),
        metric(C.PAYMENTS, RETRIES, C.RISK),
        lines(C.PAYMENTS, "call to risk failed", C.RISK),
    ),
    inject=inject,
    varies=(SHARE,),
)
