-- One role per service with the least it needs, one for the metrics exporter, one for people who look around. None has
-- a password, so none can log in, until start.sh sets the passwords of this lab.

REVOKE ALL ON DATABASE payments FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
-- Anybody who may connect could otherwise store large objects, read-only role or not.
REVOKE EXECUTE ON FUNCTION lo_create(oid), lo_creat(integer), lo_from_bytea(oid, bytea) FROM PUBLIC;
-- Or fill the table of locks that all sessions share, after which nobody can even log in, or write ahead for gigabytes.
DO $$
DECLARE
    found regprocedure;
BEGIN
    FOR found IN SELECT oid FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace
        AND proname ~ '^(pg_(try_)?advisory_(xact_)?lock(_shared)?|pg_logical_emit_message)$'
    LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', found);
    END LOOP;
END $$;

CREATE ROLE payments LOGIN;
CREATE ROLE risk LOGIN;
CREATE ROLE ledger LOGIN;
CREATE ROLE jobs LOGIN;
CREATE ROLE monitor LOGIN IN ROLE pg_monitor, pg_use_reserved_connections CONNECTION LIMIT 4;
CREATE ROLE observer LOGIN IN ROLE pg_monitor, pg_use_reserved_connections CONNECTION LIMIT 8;

GRANT CONNECT ON DATABASE payments TO payments, risk, ledger, jobs, monitor, observer;
GRANT USAGE ON SCHEMA public TO payments, risk, ledger, jobs, monitor, observer;

GRANT SELECT ON customers, merchants TO payments;
GRANT SELECT, INSERT, UPDATE ON payments, refunds TO payments;
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys, outbox TO payments;
GRANT USAGE, SELECT ON SEQUENCE outbox_id_seq TO payments;

GRANT SELECT ON customers, merchants, payments, risk_feature_snapshot TO risk;

GRANT SELECT, INSERT ON ledger_entries TO ledger;
GRANT SELECT, INSERT, UPDATE ON balances TO ledger;
GRANT USAGE, SELECT ON SEQUENCE ledger_entries_id_seq TO ledger;

GRANT SELECT ON merchants, payments, refunds, ledger_entries, balances TO jobs;
GRANT UPDATE (reconciled_at) ON merchants TO jobs;
GRANT SELECT, INSERT, UPDATE ON merchant_totals TO jobs;
GRANT SELECT, DELETE ON idempotency_keys, outbox TO jobs;

-- Every table there is or will be; not pg_read_all_data, which would show pg_authid's password hashes, too.
GRANT SELECT ON ALL TABLES IN SCHEMA public TO observer;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO observer;

ALTER ROLE observer SET default_transaction_read_only = on;
ALTER ROLE observer SET statement_timeout = '15s';
-- Whatever somebody does meanwhile, vacuum and changes of the schema wait no longer than this for a reader.
ALTER ROLE observer SET transaction_timeout = '30s';
ALTER ROLE observer SET idle_in_transaction_session_timeout = '30s';
-- Nobody who looks fills the disk with a sort.
ALTER ROLE observer SET temp_file_limit = '256MB';
