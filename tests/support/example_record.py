"""A verification record of the example fault."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from labctl.model.signature import Outcome
from labctl.verify.verification_record import Effect, LinkSeen, Record, Timing

RECORD = Record(
    fault="example-fault",
    outcome=Outcome.PASS,
    reasons=(),
    started_at=1_700_000_000.0,
    lab="lab",
    rps=20.0,
    timing=Timing(5.0, 9.25, 14.0, 47.5),
    page="CheckoutErrorRatioHigh",
    chain=(LinkSeen("risk", "requests queue", "risk: queue", 2.0), LinkSeen("clients", "they fail", "errors", None)),
    effects=(
        Effect("risk: queue", "moves", ">= 2 x baseline", "count", 10.0, 40.0, 4.0),
        Effect("payments: CPU", "stays", "0.5 to 1.5 x baseline", "cores", None, None, None),
    ),
    versions={"risk": "1.9.2"},
    machine={"cores": 2},
)


def record(**changed: Any) -> Record:
    """Return the record with some fields changed."""
    return replace(RECORD, **changed)
