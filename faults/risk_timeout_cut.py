"""A configuration change cuts what payments waits for risk from 250 to some 35 ms.

Risk answers most assessments within 10 ms. For customers with a short history it asks the card's issuer first, which
takes some 40 ms, and always did. Payments now gives up on every one of those attempts, waits, and asks again, five
times in all; risk, which is not told, works on for a caller that is gone, and the issuer is asked once for each
attempt. After more than two seconds of this, small payments go on without an assessment, larger ones fail. Nothing is
overloaded: the time passes in pauses between attempts that could not succeed.
"""

from __future__ import annotations

from faults import messages, probes
from labctl.model.draw import Draw, Range
from labctl.model.fault import Fault, Link, near_miss
from labctl.model.fault import RootCause as Cause
from labctl.model.lab import Lab
from labctl.model.probe import at_least, at_most, between, grows, stays
from labctl.model.signal import entry, lines, metric
from labctl.model.vocabulary import Category, Impact, Track
from labctl.model.vocabulary import Component as C
from labctl.model.vocabulary import Mechanism as M
from labctl.model.vocabulary import Trigger as T

TIMEOUT = Range("what payments waits for risk", ("32", "35", "38", "40"), "ms")

CUT_SHORT = probes.cut_short("payments", "risk", at_least(0.05))
RETRIES = probes.retries("payments", "risk", at_least(0.04))
SIGNALS = probes.calls("risk", "acquirer", grows(1.6))
BAD_GATEWAY = probes.answers("gateway", 502, at_least(0.005))
SLOWEST = probes.client_latency("checkout", 0.99, at_least(1))
SLOW = probes.client_latency("checkout", 0.95, at_least(1))
FAILING = probes.failing("checkout", between(0.01, 0.08))


def inject(lab: Lab, draw: Draw) -> None:
    """Make payments wait less, as someone would who looks only at the median."""
    timeout = draw.of(TIMEOUT)
    summary = messages.summary(draw, "RISK_TIMEOUT_MS", timeout)
    lab.configuration.change("payments", "RISK_TIMEOUT_MS", timeout, author=draw.author(), summary=summary)


FAULT = Fault(
    id="risk-timeout-cut",
    title="The impatient caller",
    story=__doc__ or "",
    category=Category.TIMEOUT_CONFIG,
    difficulty=3,
    tracks=frozenset({Track.BACKEND, Track.DEVOPS}),
    root_cause=Cause(C.PAYMENTS, T.CONFIGURATION_CHANGE, M.TIMEOUT_TOO_SHORT),
    accepted=(Cause(C.LINK_PAYMENTS_RISK, T.CONFIGURATION_CHANGE, M.TIMEOUT_TOO_SHORT),),
    impact=frozenset({Impact.CHECKOUT_ERRORS, Impact.CHECKOUT_SLOW}),
    chain=(
        Link(C.PAYMENTS, "payments is rolled out with less patience", probes.rolled_out("payments", at_least(1))),
        Link(C.PAYMENTS, "attempts that ask the issuer are cut short", CUT_SHORT),
        Link(C.LINK_PAYMENTS_RISK, "each is made again, up to five times", RETRIES),
        Link(C.RISK, "risk works for callers that are gone, and asks the issuer every time", SIGNALS),
        Link(C.PAYMENTS, "the pauses between the attempts add up: checkouts take seconds", SLOWEST),
        Link(C.GATEWAY, "no attempt is left: a 502", BAD_GATEWAY),
        Link(C.CLIENTS, "some checkouts fail", FAILING),
    ),
    must_move=(CUT_SHORT, RETRIES, SIGNALS, SLOWEST, SLOW, BAD_GATEWAY, FAILING),
    must_not_move=(
        probes.latency("risk", "/assessments", 0.99, at_most(0.25)),
        probes.answers("risk", 503, at_most(0.02)),
        probes.cache_hit_ratio(stays(0.9, 1.1)),
        probes.cpu("payments", stays(0.5, 1.6)),
        probes.cpu("gateway", stays(0.5, 1.6)),
        probes.cpu("risk", at_most(0.25)),  # risk also works for callers that gave up, but stays nearly idle
        probes.memory("risk", stays(0.6, 1.5)),
        probes.traffic(stays(0.7, 1.4)),
        probes.failing("lookup|history|refund", at_most(0.02)),
    ),
    symptom=FAILING,
    blast_radius=frozenset({C.PAYMENTS, C.LINK_PAYMENTS_RISK, C.RISK, C.GATEWAY, C.CLIENTS}),
    near_misses=(
        near_miss(C.RISK, T.NOTHING, M.SLOW_DEPENDENCY, "risk takes as long as before; its p99 has not moved"),
        near_miss(C.RISK, T.TRAFFIC_CHANGE, M.OVERLOAD, "its CPU and pool are idle, and clients send what they sent"),
        near_miss(C.ACQUIRER, T.DEPENDENCY_DEGRADATION, M.SLOW_DEPENDENCY, "issuers answer as fast as they always did"),
        near_miss(C.PAYMENTS, T.CONFIGURATION_CHANGE, M.RETRY_WITHOUT_BACKOFF, "the pauses are as long as before"),
        near_miss(C.GATEWAY, T.CONFIGURATION_CHANGE, M.TIMEOUT_TOO_SHORT, "its deadline has not passed at a 502"),
        near_miss(C.RISK, T.CODE_RELEASE, M.EXPENSIVE_COMPUTATION, "no release went out: risk's version is unchanged"),
        near_miss(C.RISK, T.CONFIGURATION_CHANGE, M.CACHE_LIFETIME_TOO_SHORT, "the hit ratio is as high as ever"),
        near_miss(C.LINK_PAYMENTS_RISK, T.INFRASTRUCTURE_FAILURE, M.PACKET_LOSS, "nothing is sent again by TCP"),
    ),
    evidence=(
        entry(
            C.PAYMENTS, f"RISK_TIMEOUT_MS={TIMEOUT.pattern}", C.PAYMENTS, T.CONFIGURATION_CHANGE, M.TIMEOUT_TOO_SHORT
        ),
        metric(C.PAYMENTS, CUT_SHORT, C.PAYMENTS, C.LINK_PAYMENTS_RISK, M.TIMEOUT_TOO_SHORT),
        metric(C.RISK, SIGNALS, C.PAYMENTS, C.LINK_PAYMENTS_RISK),
        lines(C.PAYMENTS, "call to risk failed", C.PAYMENTS, C.LINK_PAYMENTS_RISK),
    ),
    inject=inject,
    varies=(TIMEOUT,),
)
