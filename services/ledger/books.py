"""The ledger's tables. One statement books an event: all of its legs and balances, or, the second time, nothing."""

from __future__ import annotations

from services.common.database import Database
from services.common.statement import Statement
from services.ledger.bookkeeping import legs
from services.ledger.events import PaymentEvent

# The unique key (event_id, account) turns a repeated event into no rows, from which no balance follows. Balances are
# locked in the order of their names, so that two ledgers cannot wait for each other.
BOOK = Statement(
    "INSERT ledger_entries",
    """
    WITH booked AS (
        INSERT INTO ledger_entries (event_id, payment_id, account, direction, amount_minor, currency, request_id)
        SELECT %(event_id)s, %(payment_id)s, leg.account, leg.direction, leg.amount_minor, %(currency)s, %(request_id)s
        FROM unnest(%(accounts)s::text[], %(directions)s::text[], %(amounts)s::bigint[])
             AS leg(account, direction, amount_minor)
        ON CONFLICT (event_id, account) DO NOTHING
        RETURNING account, currency, CASE direction WHEN 'debit' THEN amount_minor ELSE -amount_minor END AS change
    )
    INSERT INTO balances AS balance (account, currency, amount_minor)
    SELECT account, currency, change FROM booked ORDER BY account
    ON CONFLICT (account) DO UPDATE
    SET amount_minor = balance.amount_minor + excluded.amount_minor, updated_at = now()
    """,
)


class Books:
    """Where events are booked."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def book(self, event: PaymentEvent) -> bool:
        """Book an event that moves money; False when it was booked before.

        Raises DatabaseError when the database can't do it now, psycopg.Error when it never will.
        """
        booked = legs(event)
        with self._database.session() as session:
            touched = session.run(
                BOOK,
                {
                    "event_id": event.event_id,
                    "payment_id": event.payment_id,
                    "currency": event.currency,
                    "request_id": event.request_id,
                    "accounts": [leg.account for leg in booked],
                    "directions": [leg.direction for leg in booked],
                    "amounts": [leg.amount_minor for leg in booked],
                },
            )
        return touched > 0
