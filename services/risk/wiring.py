"""From the environment to the parts of risk."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from services.common import cache, flags, lifecycle
from services.common.background import BackgroundLoop
from services.common.database import Database, PoolSettings
from services.common.http_client import ServiceClient
from services.common.settings import Settings
from services.risk.app import Parts
from services.risk.close_look import CloseLook
from services.risk.feature_cache import FeatureCache
from services.risk.feature_store import FeatureStore
from services.risk.freshness import Lifetime
from services.risk.pauses import Pauses
from services.risk.refresher import FeatureSource, Refresher
from services.risk.signals import IssuerSignals
from services.risk.warm_start import WarmStart


def connect(settings: Settings) -> Parts:
    """Open what the environment names, start the threads, and register all of it for the end of the process."""
    lifetime = Lifetime(settings.number("FEATURE_CACHE_TTL_SECONDS", 3600, low=1))
    features = _cache(settings, lifetime)
    database = _database(settings)
    flag = flags.connect(settings).get_boolean_value
    refresher = _refresher(settings, features, partial(flag, "newest-renewed-first", False))
    warm_start = _warm_start(WarmStart(features, lifetime, database))
    pauses = Pauses(settings.milliseconds("FEATURE_PAUSE_MS", 5000))
    store = FeatureStore(features, lifetime, database, refresher, pauses)
    return Parts(
        features=store.features,
        merchant_country=warm_start.merchant_country,
        stranger=CloseLook(
            database, settings.integer("CLOSE_LOOK_FROM_MINOR", 7500), enabled=partial(flag, "close-look", True)
        ).stranger,
        suspicion=_signals(settings, partial(flag, "issuer-signals", True)).suspicion,
        checks={"postgres": database.ping, "warm-start": warm_start.check},
    )


def _cache(settings: Settings, lifetime: Lifetime) -> FeatureCache:
    client = cache.connect(settings.text("REDIS_URL"), timeout=settings.milliseconds("REDIS_TIMEOUT_MS", 100))
    lifecycle.on_shutdown(client.close)
    return FeatureCache(client, lifetime)


def _database(settings: Settings) -> Database:
    most = settings.integer("DB_POOL_MAX", 1, low=1, high=100)
    database = Database(
        settings.text("DATABASE_URL"),
        PoolSettings(
            name="risk",
            most=most,
            timeout=settings.milliseconds("DB_POOL_TIMEOUT_MS", 200),
            statement_timeout=settings.milliseconds("FEATURE_QUERY_TIMEOUT_MS", 300),
            # All of them at once: a burst of misses must not wait for a connection to be made.
            least=most,
        ),
    )
    database.open()
    lifecycle.on_shutdown(database.close)
    return database


def _signals(settings: Settings, enabled: Callable[[], bool]) -> IssuerSignals:
    # One attempt: payments waits for our answer meanwhile, and tries again itself.
    client = ServiceClient(
        settings.text("SIGNALS_URL"), timeout=settings.milliseconds("SIGNALS_TIMEOUT_MS", 200), ours=False
    )
    lifecycle.on_shutdown(client.close)
    return IssuerSignals(
        client,
        known_from=settings.integer("KNOWN_FROM_PAYMENTS", 30),
        at_once=settings.integer("SIGNALS_AT_ONCE", 6, low=1, high=100),
        enabled=enabled,
    )


def _refresher(settings: Settings, features: FeatureCache, newest_first: Callable[[], bool]) -> Refresher:
    source = FeatureSource(settings.text("DATABASE_URL"))
    refresher = Refresher(features, source, newest_first=newest_first)
    refresher.start()
    lifecycle.on_shutdown(source.close)
    lifecycle.on_shutdown(refresher.stop)
    return refresher


def _warm_start(warm_start: WarmStart) -> WarmStart:
    loop = BackgroundLoop("warm start", warm_start.step, every=1.0)
    loop.start()
    loop.wake()
    lifecycle.on_shutdown(loop.stop)
    return warm_start
