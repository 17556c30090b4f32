"""What risk knows of a customer, and the query that finds it out.

The query (features.sql) looks at 89 days of settled history: the last day is left out, its payments may still be
reversed. Finding the busiest hour compares every payment with every other one, which is a millisecond for the usual
customer and seconds for the few with thousands of payments; the cache in front of it is what makes that affordable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from services.common.statement import Session, Statement

FEATURES = Statement("SELECT customer_features", (Path(__file__).parent / "features.sql").read_text())


@dataclass(frozen=True)
class Features:
    """A customer's history: counts, amounts in minor units, and where its merchants are."""

    home_country: str
    account_days: int
    payments: int
    mean_minor: int
    stddev_minor: int
    countries: tuple[str, ...]
    busiest_hour: int
    """The most payments within any one hour."""

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> Features:
        """Read a database row or a JSON object; raises KeyError, TypeError or ValueError when it isn't one."""
        return cls(
            home_country=str(values["home_country"]),
            account_days=int(values["account_days"]),
            payments=int(values["payments"]),
            mean_minor=int(values["mean_minor"]),
            stddev_minor=int(values["stddev_minor"]),
            countries=tuple(values["countries"]),
            busiest_hour=int(values["busiest_hour"]),
        )

    def as_mapping(self) -> dict[str, Any]:
        """Return what `from_mapping` reads."""
        return asdict(self) | {"countries": list(self.countries)}


UNKNOWN = Features("", 0, 0, 0, 0, (), 0)
"""A customer that the database doesn't know: new in every respect."""


def query(session: Session, customer_id: int) -> Features | None:
    """Compute a customer's features; None when there is no such customer."""
    row = session.row(FEATURES, {"customer_id": customer_id})
    return Features.from_mapping(row) if row else None
