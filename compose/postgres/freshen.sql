-- At the first start of a data directory: move the whole history forward by as many whole days as the image is old, so
-- that it always ends within the last day. ALTER ... TYPE rewrites a table in one pass, without dead rows, and, under
-- wal_level = minimal, without WAL; an UPDATE would leave twice the size behind.
-- One transaction: killed half way, it starts again from the beginning. No blank line after a semicolon in here: that
-- is what ends a command in single-user mode.
DO $$
DECLARE
    age interval;
    target record;
BEGIN
    SELECT interval '1 day' * floor(extract(epoch FROM now() - loaded_at) / 86400) INTO age
    FROM dataset WHERE first_started_at IS NULL;
    IF age >= interval '1 day' THEN
        FOR target IN SELECT table_name FROM information_schema.columns
            WHERE table_schema = 'public' AND column_name = 'created_at' AND table_name NOT IN ('idempotency_keys', 'outbox')
        LOOP
            EXECUTE format('ALTER TABLE %I ALTER created_at TYPE timestamptz USING created_at + %L::interval', target.table_name, age);
            EXECUTE format('ANALYZE %I', target.table_name);
        END LOOP;
    END IF;
    UPDATE dataset SET first_started_at = now() WHERE first_started_at IS NULL;
END $$;
