-- The tables of database `payments`. Keys that cost most while loading (foreign keys, secondary indexes) are in
-- indexes.sql, which runs after seed.sql. Amounts are in minor units (cents, pence).

CREATE EXTENSION pg_stat_statements;

CREATE TABLE customers (
    id         integer PRIMARY KEY,
    country    text NOT NULL,
    segment    text NOT NULL CHECK (segment IN ('consumer', 'plus', 'business')),
    created_at timestamptz NOT NULL
);

CREATE TABLE merchants (
    id            integer PRIMARY KEY,
    name          text NOT NULL,
    country       text NOT NULL,
    category      text NOT NULL,
    reconciled_at timestamptz  -- when its payments were last compared with the ledger
) WITH (fillfactor = 70);

CREATE TABLE payments (
    id                 uuid PRIMARY KEY,
    customer_id        integer NOT NULL,
    merchant_id        integer NOT NULL,
    amount_minor       bigint NOT NULL CHECK (amount_minor > 0),
    currency           text NOT NULL,
    scheme             text NOT NULL,
    status             text NOT NULL CHECK (status IN ('captured', 'declined')),
    created_at         timestamptz NOT NULL DEFAULT now(),
    risk_score         real,
    request_id         text,
    acquirer_reference text,
    decline_reason     text
);

CREATE TABLE refunds (
    id                 uuid PRIMARY KEY,
    payment_id         uuid NOT NULL,
    amount_minor       bigint NOT NULL CHECK (amount_minor > 0),
    status             text NOT NULL DEFAULT 'refunded' CHECK (status IN ('pending', 'refunded', 'failed')),
    created_at         timestamptz NOT NULL DEFAULT now(),
    request_id         text,
    acquirer_reference text
);

-- Both tables below are updated once per row, soon after the insert: room on the page keeps those updates HOT.
CREATE TABLE idempotency_keys (
    key          text NOT NULL,
    scope        text NOT NULL,
    request_hash text NOT NULL,
    resource_id  uuid NOT NULL,
    status       integer,  -- the HTTP status that was answered; NULL while the request is in progress
    response     jsonb,
    locked_until timestamptz NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (key, scope)
) WITH (fillfactor = 70);

CREATE TABLE outbox (
    id           bigserial PRIMARY KEY,
    event        jsonb NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    published_at timestamptz
) WITH (fillfactor = 70);

-- Double entry: the debits and credits of one event are equal. The unique key makes recording an event exactly-once.
CREATE TABLE ledger_entries (
    id           bigserial PRIMARY KEY,
    event_id     uuid NOT NULL,
    payment_id   uuid,  -- NULL for the opening balances
    account      text NOT NULL,
    direction    text NOT NULL CHECK (direction IN ('debit', 'credit')),
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    currency     text NOT NULL,
    request_id   text,  -- the request behind it; NULL before support asked for it
    created_at   timestamptz NOT NULL DEFAULT now()
);

-- Debits minus credits of every account: over all accounts of a currency they add up to zero.
CREATE TABLE balances (
    account      text PRIMARY KEY,
    currency     text NOT NULL,
    amount_minor bigint NOT NULL,
    updated_at   timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);

CREATE TABLE merchant_totals (
    hour         timestamptz NOT NULL,
    merchant_id  integer NOT NULL,
    currency     text NOT NULL,
    payments     bigint NOT NULL,
    amount_minor bigint NOT NULL,
    PRIMARY KEY (hour, merchant_id, currency)
);

CREATE TABLE risk_feature_snapshot (
    customer_id integer PRIMARY KEY,
    features    jsonb NOT NULL
);

-- One row: when the history was loaded, and when it was brought up to date for its first start (freshen.sql).
CREATE TABLE dataset (
    loaded_at        timestamptz NOT NULL,
    first_started_at timestamptz
);
