"""How long a verification will probably take: what budgets and shards are reckoned with."""

from __future__ import annotations

from collections.abc import Iterable

from labctl.model.fault import RATE_OF_BUDGETS, Fault
from labctl.verify.verification_record import Record

AROUND_S = 35.0
"""What a verification takes beside the page: two steady states, the signature, two roll-outs."""
OF_THE_DUE = 0.5
"""A page comes in about half of the time that it is given."""


def estimate(fault: Fault, rps: float = RATE_OF_BUDGETS) -> float:
    """Return the seconds that verifying a fault takes, judged by its file alone."""
    return AROUND_S + OF_THE_DUE * fault.page_due_s(rps)


def expected(fault: Fault, rps: float, records: Iterable[Record]) -> float:
    """Return the seconds that the next verification probably takes: as long as the longest of those so far."""
    seen = [record.timing.total_s for record in records if record.fault == fault.id]
    return max(seen) if seen else estimate(fault, rps)
