"""Whether evidence bears on the answer: it shows a component or link of the fault's chain, and more than the page did.

Where nothing is wrong, evidence of calm bears on it: figures that would have moved if something were.
"""

from __future__ import annotations

import promql_parser

from labctl.model.fault import Fault
from labctl.model.probe import Probe
from labctl.model.verdict import Finding
from labctl.model.vocabulary import Component
from labctl.play.evidence import Kind, Looked
from labctl.play.selectors import selectors

_WHOSE = frozenset({"service", "job", "server_address"})
"""The labels that name a service."""


def finding(looked: Looked, fault: Fault, paged: str) -> Finding:
    """Return what became of a piece of evidence; `paged` is the service that the page names."""
    if fault.root_cause.component is Component.NONE:
        return _calm(looked, fault)
    if not looked.differs:
        return Finding.UNMOVED
    if not _within(looked, chain_places(fault)):
        return Finding.ELSEWHERE
    if looked.kind is not Kind.PROMQL and looked.places <= {paged, str(Component.CLIENTS)} - cause_places(fault):
        # Failed requests in the log of the service that the page names: that much was known.
        return Finding.SYMPTOM
    return Finding.COUNTS


def _calm(looked: Looked, fault: Fault) -> Finding:
    if not _within(looked, calm_places(fault)):
        return Finding.ELSEWHERE
    return Finding.MOVED if looked.differs else Finding.COUNTS


def _within(looked: Looked, places: frozenset[str]) -> bool:
    if looked.kind is Kind.TRACE:  # one request passes many services
        return bool(looked.places & places)
    return bool(looked.places) and looked.places <= places


def cause_places(fault: Fault) -> frozenset[str]:
    """Return the services at which the root cause may be said to be; both ends of a link."""
    causes = (fault.root_cause, *fault.accepted)
    return frozenset(place for cause in causes for place in cause.component.split("-"))


def chain_places(fault: Fault) -> frozenset[str]:
    """Return the services of the chain: of its links, of what their probes read, and of the root cause."""
    links = frozenset(place for link in fault.chain for place in link.component.split("-"))
    return links.union(cause_places(fault), *(_read(link.probe) for link in fault.chain))


def calm_places(fault: Fault) -> frozenset[str]:
    """Return the services whose figures would have moved if something were wrong."""
    return chain_places(fault).union(*(_read(probe) for probe in fault.must_not_move))


def _read(probe: Probe) -> frozenset[str]:
    found = selectors(promql_parser.parse(probe.query))
    return frozenset(
        matcher.value
        for selector in found
        for matcher in selector.matchers
        if matcher.label in _WHOSE and matcher.kind == "="
    )
