"""What whoever makes a fault's change may say of it: as colleagues do of theirs, and neither a cause nor a verdict.

Of a setting and a migration it is a line, of a release its message: the patch's own, or one of these, each true of its
diff. The draw says which.
"""

from __future__ import annotations

from dataclasses import replace

from labctl.images import releases
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.migration import Migration

SUMMARIES: dict[str, tuple[str, ...]] = {
    "FEATURE_CACHE_TTL_SECONDS": (
        "Score on fresher customer features (asked for by the fraud team)",
        "Features are computed anew after {} s (fraud review)",
        "Shorten what risk remembers of a customer, for the trial",
    ),
    "RISK_TIMEOUT_MS": (
        "Don't let a slow assessment hold a thread of payments",
        "Wait {} ms for an assessment: risk answers within 10",
        "Risk: a time-out by what most assessments take",
    ),
    "DB_POOL_MAX": (
        "Fewer idle connections (asked for by the database team)",
        "Payments: give back connections that are hardly ever in use",
        "Size the pool of payments by what the dashboard shows",
    ),
    "MAXMEMORY": (
        "Right-size Redis: it reserves 48 MB and uses less than 2",
        "Redis: reserve what it uses, after the cost review",
        "Set Redis's memory limit by what it uses",
    ),
    "DROP INDEX": (
        "Drop two indexes that nothing uses (frees 15 MB)",
        "Indexes without a scan since the statistics began: drop them",
        "Make inserts cheaper: two unused indexes go",
    ),
    "BATCH": (
        "Take up to {} events from the stream at once",
        "Ledger: batches of {}, as the stream is read anyway",
        "A batch size from last week's measurements",
    ),
    "CLAIM_IDLE_MS": (
        "Take events over after {} ms",
        "Ledger: wait {} ms for one that may still book",
        "Claim what is left behind a little sooner",
    ),
}
NAMES: dict[str, tuple[str, ...]] = {
    "0031_drop_unused_indexes": ("0031_unused_indexes", "0031_index_cleanup"),
}
OTHERS: dict[tuple[str, str], tuple[str, ...]] = {
    ("gateway", "3.9.0"): (
        """Let support read what a merchant sent, byte for byte

One ticket in five is about a body that we no longer have. Requests and answers of the last fifteen minutes stay at hand
by request id, for the office network only. The log names the upstream when a call gave no usable answer.""",
        """Find an exchange by its request id

Support asks merchants for copies of what they sent, which takes days. For fifteen minutes we have our own now, headers
and bodies of both directions; the edge lets nobody else read them. A page size that is refused is named.""",
    ),
    ("jobs", "1.4.0"): (
        """Name the merchant whose books differ

A difference was one sum over everybody, and finding its merchant took finance a morning. Reconciliation goes through
those that sell most, one by one, and is in no hurry. All of one run sees the same state.""",
        """Reconcile by merchant

The log has a line for each merchant that differs from the ledger. What belongs to one run is read together, so that the
figures fit each other. Merchants with few sales are left to the nightly run.""",
    ),
    ("ledger", "1.6.2"): (
        """Say which type of event was refused

A dead letter can be a capture or a refund; the line in the log names its type now, cut at 64 characters.""",
        """Put an event's type into the log when it is not booked

It saves whoever books a dead letter by hand a look into the stream.""",
    ),
    ("payments", "2.14.2"): (
        """Record declined payments by a way of their own

The branch for a card that was charged had grown around the one for a card that was not. They are two methods now, and a
connection is put aside only before a charge. Why a payment was declined or a refund refused is in the log.""",
        """Write down why a payment was declined

Finance counts declines by code, and took the codes from the acquirer's monthly file. Payments and refunds log them now.
On the way, captured and declined payments got a method each; what risk declines needs no connection beforehand.""",
    ),
    ("payments", "2.15.0"): (
        """Tell merchants more about whoever paid

A list of amounts answers few questions: is this customer new, from where, was something given back? Each entry says it
now, with what the customer spent lately and when it last came. The fields that were there stay as they were.""",
        """Put the customer and the refunds beside each payment

Back offices call us for what a second page would tell them. The history shows country, segment and custom of whoever
paid, and the sum of refunds. Look-ups of one moment are gathered into one statement.""",
    ),
    ("risk", "1.10.0"): (
        """Keep a customer's habits by currency

Twenty pounds were judged like twenty euros, and British customers were reviewed too often. Features are looked up by
the payment's currency now. A renewal that finds no place in the queue leaves a line in the log.""",
        """Compare payments with others in the same currency

An amount says little without its currency, and the rules took all of them for euros. Look-ups in the cache name the
customer and the currency. Renewals left out because too many wait are logged: we did not know how many.""",
    ),
}


def ship(lab: Lab, draw: Draw, service: str, release: str) -> None:
    """Release a patch; the draw says who does it, and in which words."""
    shipped = releases.release(service, release)
    own = (shipped.message,) if shipped else ()
    message = draw.one_of(*own, *OTHERS[service, release])
    lab.releases.ship(service, release, author=draw.author(), summary=message)


def summary(draw: Draw, what: str, value: str = "") -> str:
    """Return what is said of a change: of a setting by its key, which may name the new value."""
    return draw.one_of(*SUMMARIES[what]).format(value)


def named(draw: Draw, migration: Migration) -> Migration:
    """Return a migration under its own name, or another."""
    return replace(migration, name=draw.one_of(migration.name, *NAMES[migration.name]))
