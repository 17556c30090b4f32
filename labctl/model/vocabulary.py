"""The closed vocabularies in which a root cause is stated; learners choose from them, so no word hints at a fault."""

from __future__ import annotations

from enum import StrEnum


class Category(StrEnum):
    """Five groups of faults, for practice tracks."""

    CODE = "code"
    DATA = "data"
    INFRASTRUCTURE = "infrastructure"
    TIMEOUT_CONFIG = "timeout-config"
    DOWNSTREAM = "downstream"


class Component(StrEnum):
    """Where the root cause sits: a service, a datastore, a link between two of them, a client, a job, or none."""

    GATEWAY = "gateway"
    PAYMENTS = "payments"
    RISK = "risk"
    LEDGER = "ledger"
    ACQUIRER = "acquirer"
    POSTGRES = "postgres"
    REDIS = "redis"
    JOBS = "jobs"
    CLIENTS = "clients"
    TELEMETRY = "telemetry"
    LINK_GATEWAY_PAYMENTS = "gateway-payments"
    LINK_PAYMENTS_RISK = "payments-risk"
    LINK_PAYMENTS_ACQUIRER = "payments-acquirer"
    LINK_PAYMENTS_POSTGRES = "payments-postgres"
    LINK_PAYMENTS_REDIS = "payments-redis"
    LINK_RISK_POSTGRES = "risk-postgres"
    LINK_RISK_REDIS = "risk-redis"
    LINK_RISK_ACQUIRER = "risk-acquirer"
    LINK_LEDGER_POSTGRES = "ledger-postgres"
    LINK_LEDGER_REDIS = "ledger-redis"
    NONE = "none"


class Trigger(StrEnum):
    """What changed."""

    CODE_RELEASE = "code-release"
    CONFIGURATION_CHANGE = "configuration-change"
    FEATURE_FLAG = "feature-flag"
    SCHEMA_MIGRATION = "schema-migration"
    BAD_DATA = "bad-data"
    SCHEDULED_JOB = "scheduled-job"
    TRAFFIC_CHANGE = "traffic-change"
    DEPENDENCY_DEGRADATION = "dependency-degradation"
    INFRASTRUCTURE_FAILURE = "infrastructure-failure"
    CREDENTIAL_EXPIRY = "credential-or-certificate-expiry"
    NOTHING = "nothing"


class Mechanism(StrEnum):
    """How it hurts."""

    CACHE_LIFETIME_TOO_SHORT = "cache-lifetime-too-short"
    CACHE_KEY_MISMATCH = "cache-key-mismatch"
    CACHE_EVICTION = "cache-eviction"
    CACHE_STAMPEDE = "cache-stampede"
    STALE_CACHE = "stale-cache"
    TIMEOUT_TOO_SHORT = "timeout-too-short"
    TIMEOUT_MISSING = "timeout-missing"
    RETRY_WITHOUT_BACKOFF = "retry-without-backoff"
    POOL_TOO_SMALL = "connection-pool-too-small"
    CONNECTION_LEAK = "connection-leak"
    CONNECTION_SLOTS_EXHAUSTED = "connection-slots-exhausted"
    THREAD_STARVATION = "thread-starvation"
    N_PLUS_ONE_QUERIES = "n-plus-one-queries"
    MISSING_INDEX = "missing-index"
    PLAN_REGRESSION = "query-plan-regression"
    DATA_SKEW = "data-skew"
    ROW_LOCK_CONTENTION = "row-lock-contention"
    TABLE_LOCK = "table-lock"
    DEADLOCK = "deadlock"
    POISON_MESSAGE = "poison-message"
    CONSUMER_LAG = "consumer-lag"
    CPU_THROTTLING = "cpu-throttling"
    CPU_CONTENTION = "cpu-contention"
    MEMORY_LEAK = "memory-leak"
    OUT_OF_MEMORY_KILL = "out-of-memory-kill"
    DISK_FULL = "disk-full"
    PACKET_LOSS = "packet-loss"
    BANDWIDTH_LIMIT = "bandwidth-limit"
    NETWORK_PARTITION = "network-partition"
    NAME_RESOLUTION_FAILURE = "name-resolution-failure"
    SLOW_DEPENDENCY = "slow-dependency"
    DEPENDENCY_REJECTS = "dependency-rejects"
    RATE_LIMITED = "rate-limited"
    WRONG_ENDPOINT = "wrong-endpoint"
    AUTHENTICATION_FAILURE = "authentication-failure"
    CIRCUIT_BREAKER_FLAPPING = "circuit-breaker-flapping"
    EXPENSIVE_COMPUTATION = "expensive-computation"
    SCHEMA_MISMATCH = "schema-mismatch"
    OVERLOAD = "overload"
    TELEMETRY_GAP = "telemetry-gap"
    NOTHING_WRONG = "nothing-wrong"


class Impact(StrEnum):
    """Who feels it, and how."""

    CHECKOUT_ERRORS = "some-checkouts-fail"
    CHECKOUT_OUTAGE = "all-checkouts-fail"
    CHECKOUT_SLOW = "checkouts-are-slow"
    LOOKUP_ERRORS = "payment-look-ups-fail"
    LOOKUP_SLOW = "payment-look-ups-are-slow"
    HISTORY_SLOW = "merchant-history-is-slow"
    HISTORY_ERRORS = "merchant-history-fails"
    REFUND_ERRORS = "refunds-fail"
    ONE_TENANT = "one-merchant-suffers"
    ONE_CARD_SCHEME = "one-card-scheme-is-declined"
    STALE_BALANCES = "balances-are-stale"
    EVERYTHING_SLOW = "every-endpoint-is-slow"
    EVERYTHING_FAILS = "every-endpoint-fails"
    NO_IMPACT = "no-user-impact"
