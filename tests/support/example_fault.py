"""A fault that breaks nothing: two links, one probe that stays, and the words around them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from labctl.model.fault import Fault, Link, RootCause, near_miss
from labctl.model.lab import Lab
from labctl.model.probe import Probe, at_least, grows, stays
from labctl.model.vocabulary import Category, Component, Impact, Mechanism, Trigger

QUEUE = Probe("risk: queue", "queue", grows(2), "count")
ERRORS = Probe("clients: errors", "errors", at_least(0.01), "ratio")
CPU = Probe("payments: CPU", "cpu", stays(0.5, 1.5), "cores")
CAUSE = RootCause(Component.RISK, Trigger.CONFIGURATION_CHANGE, Mechanism.POOL_TOO_SMALL)
ALSO = RootCause(Component.LINK_RISK_POSTGRES, Trigger.CONFIGURATION_CHANGE, Mechanism.POOL_TOO_SMALL)
NEAR = RootCause(Component.POSTGRES, Trigger.DEPENDENCY_DEGRADATION, Mechanism.SLOW_DEPENDENCY)


def nothing(lab: object) -> None:
    """Leave the lab as it is."""


EXAMPLE = Fault(
    id="example-fault",
    title="An example",
    story="The pool was made too small.",
    category=Category.TIMEOUT_CONFIG,
    difficulty=2,
    root_cause=CAUSE,
    accepted=(ALSO,),
    impact=frozenset({Impact.CHECKOUT_ERRORS, Impact.CHECKOUT_SLOW}),
    chain=(
        Link(Component.RISK, "requests queue", QUEUE),
        Link(Component.PAYMENTS, "payments gives up", Probe("payments: retries", "retries", at_least(1), "1/s")),
        Link(Component.GATEWAY, "the gateway answers 502", Probe("gateway: 502", "bad_gateway", at_least(0.1), "1/s")),
        Link(Component.CLIENTS, "checkouts fail", ERRORS),
    ),
    must_move=(QUEUE, ERRORS),
    must_not_move=(CPU,),
    symptom=ERRORS,
    blast_radius=frozenset({Component.RISK, Component.PAYMENTS, Component.GATEWAY, Component.CLIENTS}),
    near_misses=(near_miss(NEAR.component, NEAR.trigger, NEAR.mechanism, "queries cost what they did"),),
    inject=nothing,
    tracks=frozenset({"pools"}),
)


def example(**changed: Any) -> Fault:
    """Return the example with some fields changed."""
    return replace(EXAMPLE, **changed)


def breaking(**changed: Any) -> Fault:
    """Return the example, as a fault that makes risk's pool too small."""

    def inject(lab: Lab) -> None:
        lab.configuration.change("risk", "DB_POOL_MAX", "1", author="c.meyer", summary="Fewer connections")

    return example(inject=inject, **changed)


def is_broken(lab: Lab) -> bool:
    """Whether `breaking` is at work."""
    return lab.configuration.settings("risk")["DB_POOL_MAX"] == "1"
