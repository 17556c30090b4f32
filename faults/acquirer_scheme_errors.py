"""The external processor refuses one card scheme: every American Express card, and no other.

It answers such an authorisation with 403, payments has nothing to charge and fails the checkout, the gateway
answers 502. Seven checkouts in a hundred fail that way, whoever the customer and the merchant are. Trying again is
useless, and payments does not; no breaker opens, since the processor does answer. Nothing was released on our side.
"""

from __future__ import annotations

from faults import probes
from labctl.model.fault import Fault, Link, near_miss
from labctl.model.fault import RootCause as Cause
from labctl.model.lab import Lab
from labctl.model.probe import at_least, at_most, between, stays
from labctl.model.signal import lines, metric, spans
from labctl.model.vocabulary import Category, Impact, Track
from labctl.model.vocabulary import Component as C
from labctl.model.vocabulary import Mechanism as M
from labctl.model.vocabulary import Trigger as T

# A healthy lab has no such answers, so the tolerance is low: at a low load there are only a few.
REFUSED = probes.call_answers("payments", "acquirer", 403, at_least(0.01))
# The window also covers seconds before the change: with a third, the onset is as early as the other links'.
ONE_SCHEME = probes.failed_authorisations("amex", 'card_scheme="amex"', at_least(0.3))
BAD_GATEWAY = probes.answers("gateway", 502, at_least(0.012))
FAILING = probes.failing("checkout", between(0.02, 0.2))


def inject(lab: Lab) -> None:
    """Have the processor refuse a card scheme, as it does when a contract's entry is missing on its side."""
    lab.acquirer.change(REFUSED_SCHEMES="amex")


FAULT = Fault(
    id="acquirer-scheme-errors",
    title="That card is no good here",
    story=__doc__ or "",
    category=Category.DOWNSTREAM,
    difficulty=3,
    tracks=frozenset({Track.SRE}),
    root_cause=Cause(C.ACQUIRER, T.DEPENDENCY_DEGRADATION, M.DEPENDENCY_REJECTS),
    accepted=(Cause(C.LINK_PAYMENTS_ACQUIRER, T.DEPENDENCY_DEGRADATION, M.DEPENDENCY_REJECTS),),
    impact=frozenset({Impact.ONE_CARD_SCHEME, Impact.CHECKOUT_ERRORS}),
    chain=(
        Link(C.ACQUIRER, "the processor answers some authorisations with 403", REFUSED),
        Link(C.PAYMENTS, "all of them are of one card scheme", ONE_SCHEME),
        Link(C.GATEWAY, "the gateway answers 502", BAD_GATEWAY),
        Link(C.CLIENTS, "some checkouts fail", FAILING),
    ),
    must_move=(REFUSED, ONE_SCHEME, BAD_GATEWAY, FAILING),
    must_not_move=(
        probes.failed_authorisations("other schemes", 'card_scheme!="amex"', at_most(0.03)),
        probes.call_quantile("payments", "acquirer", 0.5, stays(0.6, 1.6)),
        probes.retries("payments", "acquirer", at_most(0.05)),
        probes.latency("risk", "/assessments", 0.5, at_most(0.05)),
        probes.rolled_out("payments", at_most(0)),
        probes.rolled_out("gateway", at_most(0)),
        probes.traffic(stays(0.6, 1.5)),
        probes.failing("lookup|history", at_most(0.02)),
    ),
    symptom=FAILING,
    blast_radius=frozenset({C.ACQUIRER, C.PAYMENTS, C.GATEWAY, C.CLIENTS}),
    near_misses=(
        near_miss(C.PAYMENTS, T.CODE_RELEASE, M.DEPENDENCY_REJECTS, "no release went out: payments is what it was"),
        near_miss(C.PAYMENTS, T.CODE_RELEASE, M.SCHEMA_MISMATCH, "the same request is taken for other cards"),
        near_miss(C.PAYMENTS, T.CREDENTIAL_EXPIRY, M.AUTHENTICATION_FAILURE, "other cards pass with the same rights"),
        near_miss(C.ACQUIRER, T.DEPENDENCY_DEGRADATION, M.SLOW_DEPENDENCY, "it refuses as quickly as it approves"),
        near_miss(C.ACQUIRER, T.DEPENDENCY_DEGRADATION, M.RATE_LIMITED, "one scheme fails whatever the rate, no other"),
        near_miss(C.PAYMENTS, T.NOTHING, M.CIRCUIT_BREAKER_FLAPPING, "all breakers are closed"),
        near_miss(C.GATEWAY, T.CODE_RELEASE, M.WRONG_ENDPOINT, "the gateway hands on what payments could not get"),
        near_miss(C.CLIENTS, T.TRAFFIC_CHANGE, M.OVERLOAD, "the clients send what they sent before"),
    ),
    evidence=(
        metric(C.ACQUIRER, REFUSED, C.ACQUIRER, C.LINK_PAYMENTS_ACQUIRER, M.DEPENDENCY_REJECTS),
        metric(C.PAYMENTS, ONE_SCHEME, M.DEPENDENCY_REJECTS),
        spans(C.PAYMENTS, "/authorisations", C.ACQUIRER, C.LINK_PAYMENTS_ACQUIRER, M.DEPENDENCY_REJECTS, failed=True),
        lines(C.GATEWAY, "call to payments failed: answered 502", T.DEPENDENCY_DEGRADATION),
    ),
    inject=inject,
)
