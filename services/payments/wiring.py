"""From the environment to the parts of payments."""

from __future__ import annotations

from functools import partial

from redis import Redis

from services.common import cache, flags, lifecycle
from services.common.database import Database, PoolSettings
from services.common.http_client import ServiceClient
from services.common.retry import RetryBudget, RetryPolicy
from services.common.settings import Settings
from services.payments.app import Parts
from services.payments.checkout import Checkouts
from services.payments.figures import Patience
from services.payments.keys import PostgresKeyStore
from services.payments.outbox import Outbox, RedisStream
from services.payments.peers import AcquirerClient, RiskClient
from services.payments.refund_repository import PostgresRefundStore
from services.payments.refunds import Refunds
from services.payments.repository import PostgresPaymentStore


def connect(settings: Settings) -> Parts:
    """Open what the environment names, and register it to be closed at the end of the process."""
    database = _database(settings)
    flag = flags.connect(settings).get_boolean_value
    outbox = Outbox(database, RedisStream(_redis(settings)), dated=partial(flag, "publishing-time", True))
    outbox.start()
    lifecycle.on_shutdown(outbox.stop)
    payments = PostgresPaymentStore(database)
    key_store = PostgresKeyStore(database, looks_first=partial(flag, "look-before-claim", False))
    acquirer = AcquirerClient(acquirer_client(settings))
    return Parts(
        checkouts=Checkouts(
            key_store,
            payments,
            RiskClient(risk_client(settings)),
            acquirer,
            outbox.wake,
            unassessed_minor=settings.integer("UNASSESSED_UP_TO_MINOR", 2500),
            goes_on_unassessed=partial(flag, "unassessed-checkouts", True),
        ),
        refunds=Refunds(key_store, PostgresRefundStore(database), acquirer, outbox.wake),
        payments=payments,
        patience=_patience(settings),
        checks={"postgres": database.ping},
    )


def risk_client(settings: Settings) -> ServiceClient:
    """Read RISK_URL, RISK_TIMEOUT_MS, RISK_ATTEMPTS, RISK_BACKOFF_MS and RETRY_BUDGET_RATIO."""
    return ServiceClient(
        settings.text("RISK_URL"),
        timeout=settings.milliseconds("RISK_TIMEOUT_MS", 250),
        policy=RetryPolicy(
            attempts=settings.integer("RISK_ATTEMPTS", 5, low=1, high=10),
            backoff=settings.milliseconds("RISK_BACKOFF_MS", 350),
            budget=_budget(settings),
        ),
    )


def acquirer_client(settings: Settings) -> ServiceClient:
    """Read ACQUIRER_URL, ACQUIRER_TIMEOUT_MS, ACQUIRER_ATTEMPTS, ACQUIRER_BACKOFF_MS and RETRY_BUDGET_RATIO."""
    return ServiceClient(
        settings.text("ACQUIRER_URL"),
        timeout=settings.milliseconds("ACQUIRER_TIMEOUT_MS", 1500),
        policy=RetryPolicy(
            attempts=settings.integer("ACQUIRER_ATTEMPTS", 2, low=1, high=10),
            backoff=settings.milliseconds("ACQUIRER_BACKOFF_MS", 50),
            budget=_budget(settings),
        ),
        ours=False,
    )


def _patience(settings: Settings) -> Patience:
    return Patience(
        settings.milliseconds("FIGURES_TIMEOUT_MS", 40),
        settings.integer("FIGURES_ATTEMPTS", 3, low=1, high=10),
        settings.milliseconds("FIGURES_PAUSE_MS", 250),
    )


def _budget(settings: Settings) -> RetryBudget:
    return RetryBudget(settings.ratio("RETRY_BUDGET_RATIO", 0.5))


def _database(settings: Settings) -> Database:
    most = settings.integer("DB_POOL_MAX", 8, low=1, high=100)
    database = Database(
        settings.text("DATABASE_URL"),
        PoolSettings(
            name="payments",
            most=most,
            timeout=settings.milliseconds("DB_POOL_TIMEOUT_MS", 400),
            statement_timeout=settings.milliseconds("DB_STATEMENT_TIMEOUT_MS", 2000),
            # All of them at once: a burst of checkouts must not wait for a connection to be made.
            least=most,
        ),
    )
    database.open()
    lifecycle.on_shutdown(database.close)
    return database


def _redis(settings: Settings) -> Redis:
    # The publisher has a span of its own for every event.
    client = cache.connect(
        settings.text("REDIS_URL"), timeout=settings.milliseconds("REDIS_TIMEOUT_MS", 500), traced=False
    )
    lifecycle.on_shutdown(client.close)
    return client
