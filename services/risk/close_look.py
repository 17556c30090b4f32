"""A query for large payments, never cached: whether the customer has paid this merchant before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from services.common import deadline
from services.common.database import Database
from services.common.statement import Statement
from services.risk.requests import AssessmentRequest

PAID_BEFORE = Statement(
    "SELECT payments",
    """
    SELECT EXISTS (SELECT FROM payments WHERE customer_id = %(customer_id)s AND merchant_id = %(merchant_id)s
                   AND status = 'captured') AS known
    """,
)


@dataclass(frozen=True)
class CloseLook:
    """For payments of `from_minor` and more; smaller ones are not worth a query."""

    database: Database
    from_minor: int
    enabled: Callable[[], bool] = lambda: True

    def stranger(self, asked: AssessmentRequest) -> bool:
        """Whether a large payment goes to a merchant whom the customer never paid; raises DatabaseError.

        False for a smaller payment, and while the close look is switched off.
        """
        if asked.amount_minor < self.from_minor or not self.enabled():
            return False
        deadline.check()
        parties = {"customer_id": asked.customer_id, "merchant_id": asked.merchant_id}
        with self.database.session() as session:
            row = session.row(PAID_BEFORE, parties)
        return not (row and row["known"])
