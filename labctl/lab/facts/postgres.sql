-- The facts of the database, as place and value: what it consists of, how it is set, and what has been left in it. Each
-- query answers the same on a healthy lab, whatever its load.
\set QUIET on
\set ON_ERROR_STOP on
SET default_transaction_read_only = on;
SET pg_stat_statements.track = 'none';
SET statement_timeout = '20s';
SET TIME ZONE 'UTC';

-- Tables, views, sequences and indexes of ours, with their columns, constraints, triggers and rights -------------------

\set ours '(SELECT c.*, c.relnamespace::regnamespace || ''.'' || c.relname AS name FROM pg_class c WHERE c.relnamespace::regnamespace::text !~ ''^(pg_|information_schema)'') AS ours'

COPY (SELECT 'relation ' || name,
             concat_ws(' ', relkind, relpersistence, relowner::regrole, reltablespace, reloptions::text, relacl::text)
      FROM :ours) TO STDOUT;
COPY (SELECT 'column ' || name || '.' || attname,
             concat_ws(' ', format_type(atttypid, atttypmod), CASE WHEN attnotnull THEN 'NOT NULL' END,
                       pg_get_expr(adbin, adrelid), attidentity, attgenerated, attstattarget, attstorage,
                       -- Without what the server itself notes there of every column: when it came to be.
                       (SELECT string_agg(o, ',') FROM unnest(attoptions) AS o WHERE o NOT LIKE 'pg_attver=%'),
                       attacl::text)
      FROM :ours JOIN pg_attribute ON attrelid = ours.oid LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
      WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND attnum > 0 AND NOT attisdropped) TO STDOUT;
COPY (SELECT 'index ' || name,
             pg_get_indexdef(ours.oid) || CASE WHEN indisvalid AND indisready AND indislive THEN '' ELSE ' INVALID' END
      FROM :ours JOIN pg_index ON indexrelid = ours.oid) TO STDOUT;
COPY (SELECT 'constraint ' || name || '.' || conname, pg_get_constraintdef(k.oid) || ' ' || convalidated
      FROM :ours JOIN pg_constraint k ON conrelid = ours.oid) TO STDOUT;
COPY (SELECT 'trigger ' || name || '.' || tgname, concat_ws(' ', pg_get_triggerdef(t.oid), tgenabled)
      FROM :ours JOIN pg_trigger t ON tgrelid = ours.oid WHERE NOT tgisinternal) TO STDOUT;
COPY (SELECT 'rule ' || name || '.' || rulename, pg_get_ruledef(r.oid)
      FROM :ours JOIN pg_rewrite r ON ev_class = ours.oid) TO STDOUT;
COPY (SELECT 'sequence ' || name, concat_ws(' ', seqstart, seqincrement, seqmax, seqmin, seqcache, seqcycle)
      FROM :ours JOIN pg_sequence ON seqrelid = ours.oid) TO STDOUT;
COPY (SELECT 'function ' || p.oid::regprocedure, md5(concat_ws(' ', prosrc, provolatile, proacl::text))
      FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
      WHERE nspname !~ '^pg_' AND nspname <> 'information_schema') TO STDOUT;
COPY (SELECT 'statistics ' || stxname, pg_get_statisticsobjdef(oid) FROM pg_statistic_ext) TO STDOUT;
COPY (SELECT 'schema ' || nspname, nspacl::text FROM pg_namespace WHERE nspname !~ '^pg_(temp|toast)') TO STDOUT;
COPY (SELECT 'extension ' || extname, extversion FROM pg_extension) TO STDOUT;
COPY (SELECT 'comment on ' || pg_describe_object(classoid, objoid, objsubid), description
      FROM pg_description WHERE objoid >= 16384) TO STDOUT;

-- Roles and settings --------------------------------------------------------------------------------------------------

COPY (SELECT 'role ' || rolname,
             concat_ws(' ', CASE WHEN rolsuper THEN 'superuser' END, CASE WHEN rolcanlogin THEN 'login' END,
                       rolconnlimit, rolvaliduntil, md5(rolpassword),
                       (SELECT string_agg(roleid::regrole::text, ',' ORDER BY roleid) FROM pg_auth_members
                        WHERE member = r.oid))
      FROM pg_authid r) TO STDOUT;
COPY (SELECT 'database ' || datname, concat_ws(' ', datallowconn, datconnlimit, datacl::text)
      FROM pg_database) TO STDOUT;
COPY (SELECT concat_ws(' ', 'setting of', rolname, datname), setconfig::text
      FROM pg_db_role_setting LEFT JOIN pg_authid r ON r.oid = setrole LEFT JOIN pg_database d ON d.oid = setdatabase)
    TO STDOUT;
COPY (SELECT 'setting ' || name, concat_ws(' ', setting, CASE WHEN pending_restart THEN 'at the next start' END)
      FROM pg_settings WHERE source NOT IN ('default', 'override', 'client', 'session', 'interactive')) TO STDOUT;
COPY (SELECT concat_ws(' ', 'setting', name, 'in', sourcefile, 'that does not apply'), concat_ws(' ', setting, error)
      FROM pg_file_settings WHERE NOT applied) TO STDOUT;
COPY (SELECT 'access rule ' || rule_number,
             concat_ws(' ', type, database::text, user_name::text, address, auth_method, error)
      FROM pg_hba_file_rules) TO STDOUT;
COPY (SELECT 'publication ' || pubname, '' FROM pg_publication) TO STDOUT;
COPY (SELECT 'subscription ' || subname, '' FROM pg_subscription) TO STDOUT;
COPY (SELECT 'replication slot ' || slot_name, slot_type FROM pg_replication_slots) TO STDOUT;

-- What somebody has left open: sessions come and go, so only those that are stuck, or nobody's, count ------------------

COPY (SELECT 'session of ' || concat_ws(' ', usename, 'named', quote_literal(application_name)), min(stuck)
      FROM pg_stat_activity,
           LATERAL (SELECT CASE
               WHEN state LIKE 'idle in transaction%' AND state_change < now() - interval '3 seconds' THEN 'idle in transaction'
               WHEN state = 'active' AND wait_event_type = 'Lock' AND state_change < now() - interval '3 seconds' THEN 'waits for a lock'
               WHEN state = 'active' AND state_change < now() - interval '15 seconds' THEN 'long at work'
               WHEN usename NOT IN ('payments', 'risk', 'ledger', 'jobs', 'monitor', 'observer') THEN 'connected'
           END) AS s(stuck)
      WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND stuck IS NOT NULL
      GROUP BY usename, application_name) TO STDOUT;
COPY (SELECT 'prepared transaction ' || gid, owner FROM pg_prepared_xacts) TO STDOUT;
COPY (SELECT DISTINCT concat_ws(' ', 'advisory lock', classid, objid), mode
      FROM pg_locks WHERE locktype = 'advisory' AND granted) TO STDOUT;
COPY (SELECT DISTINCT 'strong lock on ' || relation::regclass, l.mode
      FROM pg_locks l JOIN :ours ON l.relation = ours.oid JOIN pg_stat_activity a USING (pid)
      WHERE mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
        AND backend_type = 'client backend' AND xact_start < now() - interval '3 seconds') TO STDOUT;

-- Rows that nobody writes any more: what a table holds from before the lab's first start ------------------------------

COPY (SELECT 'rows of customers', concat_ws(' ', count(*), sum(hashtextextended(c::text, 0))) FROM customers c) TO STDOUT;
COPY (SELECT 'rows of merchants', concat_ws(' ', count(*), sum(hashtextextended(concat_ws(' ', id, name, country, category), 0)))
      FROM merchants) TO STDOUT;
COPY (SELECT 'rows of risk_feature_snapshot', count(*) FROM risk_feature_snapshot) TO STDOUT;
COPY (SELECT 'rows of dataset', concat_ws(' ', count(*), min(loaded_at), min(first_started_at)) FROM dataset) TO STDOUT;
COPY (SELECT 'rows of payments from before the first start, and without a request',
             concat_ws(' ', count(*) FILTER (WHERE old), sum(amount_minor) FILTER (WHERE old),
                       count(*) FILTER (WHERE request_id IS NULL))
      FROM (SELECT *, created_at < (SELECT min(first_started_at) FROM dataset) AS old FROM payments) AS p) TO STDOUT;
COPY (SELECT 'rows of refunds from before the first start', concat_ws(' ', count(*), sum(amount_minor))
      FROM refunds WHERE created_at < (SELECT min(first_started_at) FROM dataset)) TO STDOUT;
-- A report writes the hour that is running, and the last one for ten minutes more (services/jobs/report.py). So the first
-- report may write the hour of ten minutes before the first start, which the history reaches into; none an earlier one.
COPY (SELECT 'rows of merchant_totals from before the first report', concat_ws(' ', count(*), sum(amount_minor))
      FROM merchant_totals
      WHERE hour < (SELECT date_trunc('hour', min(first_started_at) - interval '10 minutes') FROM dataset)) TO STDOUT;
