"""An incident of the example fault, solved two minutes after its page, with the curves that it left."""

from __future__ import annotations

from collections.abc import Iterator

from labctl.model.fault import RootCause
from labctl.model.incident import Attempt, Curves, Incident, Page, Status
from labctl.model.measurement import Curve, Window
from labctl.model.verdict import Answer, Finding
from labctl.model.vocabulary import Impact
from tests.support.example_fault import CAUSE

INJECTED = 1_700_000_000.0
PAGED = INJECTED + 9
SOLVED = PAGED + 120
FIGURES = {
    "risk: queue": (10.0, 40.0, 2),
    "payments: retries": (0.0, 3.0, 3),
    "gateway: 502": (0.0, 0.5, 4),
    "clients: errors": (0.0, 0.05, 5),
    "payments: CPU": (0.2, 0.21, 0),
}


def attempt(at: float, cause: RootCause = CAUSE) -> Attempt:
    """Return a submission with two pieces of evidence, of which one counts."""
    answer = Answer(cause, frozenset({Impact.CHECKOUT_ERRORS}))
    return Attempt(at, answer, ("promql:queue", "log:nothing"), (Finding.COUNTS, Finding.UNMOVED), cause == CAUSE)


def solved(*before: Attempt) -> Incident:
    """Return the incident, solved after these wrong submissions."""
    return Incident(
        id="INC-0001",
        fault="example-fault",
        healthy=Window(INJECTED - 30, INJECTED),
        injected_at=INJECTED,
        status=Status.SOLVED,
        page=Page("CheckoutErrorRatioHigh", "More than 1% of checkouts fail", "", PAGED),
        attempts=(*before, attempt(SOLVED)),
        ended_at=SOLVED,
        curves=dict(_curves()),
    )


def _curves() -> Iterator[tuple[str, Curves]]:
    for name, (healthy, broken, jump) in FIGURES.items():
        after = _flat(INJECTED + jump, SOLVED, broken)
        yield name, Curves(_flat(INJECTED - 30, INJECTED, healthy), _flat(INJECTED, INJECTED + jump, healthy) + after)


def _flat(start: float, end: float, value: float) -> Curve:
    return tuple((start + second, value) for second in range(int(end - start)))
