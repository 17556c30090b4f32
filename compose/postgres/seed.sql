-- The history: 50,000 customers, 2,000 merchants, some 330,000 payments over the last 120 days, their refunds, the
-- ledger and the risk features of the busiest customers. Set-based and deterministic: everything that looks random
-- hashes the row's own number; only the dates depend on when it runs.
--
-- A customer's rank r says how busy it is; ids hide the ranks: id = (r * 7919) % 50000 + 1 (merchants:
-- (r * 1231) % 2000 + 1). loadgen/population.py draws its traffic from the same ranks.

-- unit: a number in [0, 1) that depends on `n` and `salt` alone.
CREATE FUNCTION pg_temp.unit(n bigint, salt bigint) RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT ((hashint8extended(n, salt) >> 11) & 9007199254740991)::double precision / 9007199254740992.0 $$;

-- bell: a number with mean 0 and deviation 1 (Box-Muller).
CREATE FUNCTION pg_temp.bell(n bigint, salt bigint) RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT sqrt(-2 * ln(1 - pg_temp.unit(n, salt))) * cos(2 * pi() * pg_temp.unit(n, salt + 1000)) $$;

-- hex_uuid: a version 4 UUID that depends on `seed` alone.
CREATE FUNCTION pg_temp.hex_uuid(seed text) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT overlay(overlay(md5(seed) PLACING '4' FROM 13) PLACING 'a' FROM 17)::uuid $$;

INSERT INTO dataset (loaded_at) VALUES (now());

-- Merchants -----------------------------------------------------------------------------------------------------------

INSERT INTO merchants (id, name, country, category)
SELECT (r * 1231) % 2000 + 1,
       (ARRAY['Alder', 'Birch', 'Cedar', 'Dune', 'Elm', 'Fjord', 'Grove', 'Harbour', 'Isle', 'Juniper'])[1 + r % 10]
           || ' ' || initcap(category) || ' ' || r + 1,
       (ARRAY['DE', 'FR', 'GB', 'NL', 'ES', 'IT', 'PL', 'SE', 'IE', 'US'])[1 + floor(10 * pg_temp.unit(r, 11) ^ 1.5)::int],
       category
FROM generate_series(0, 1999) AS r,
     LATERAL (SELECT (ARRAY['groceries', 'travel', 'electronics', 'fashion', 'books', 'restaurants', 'fuel',
                            'streaming', 'pharmacy', 'furniture'])[1 + floor(10 * pg_temp.unit(r, 12))::int]) AS c(category);

-- Customers -----------------------------------------------------------------------------------------------------------

-- Ranks 0..199 are the head; eight of them, four British and four American, are business accounts with thousands of
-- payments. `volume` is the number of payments in 120 days: 4/3 of the number in the last 90.
CREATE TEMP TABLE customer_plan AS
SELECT r,
       (r * 7919) % 50000 + 1 AS id,
       CASE WHEN r >= 200 THEN 'consumer' WHEN business THEN 'business' ELSE 'plus' END AS segment,
       CASE WHEN r >= 200 THEN least(60, round(exp(1.15 + 0.85 * pg_temp.bell(r, 21))))
            WHEN business THEN (5000 + 4 * r) * 4 / 3
            ELSE greatest(40, round(400 * (10.0 / (r + 10)) ^ 0.7)) * 4 / 3
       END::int AS volume,
       -- Accounts are up to four years old; one consumer in thirty has joined in the last 30 days.
       CASE WHEN r >= 200 AND pg_temp.unit(r, 22) < 0.033 THEN 1 + 29 * pg_temp.unit(r, 23)
            ELSE 130 + 1330 * pg_temp.unit(r, 23)
       END AS account_days,
       CASE WHEN business THEN 7.65 ELSE 7.6 + 0.5 * pg_temp.bell(r, 24) END AS log_amount,
       country_share
FROM generate_series(0, 49999) AS r,
     LATERAL (SELECT (r * 37) % 100 AS country_share) AS c,
     LATERAL (SELECT r < 200 AND country_share IN (5, 12, 17, 20) AS business) AS b;

INSERT INTO customers (id, country, segment, created_at)
SELECT id,
       CASE WHEN country_share < 14 THEN 'GB' WHEN country_share < 22 THEN 'US' WHEN country_share < 46 THEN 'DE'
            WHEN country_share < 62 THEN 'FR' WHEN country_share < 74 THEN 'ES' WHEN country_share < 86 THEN 'IT'
            ELSE 'NL' END,
       segment,
       now() - account_days * interval '1 day'
FROM customer_plan ORDER BY id;

-- Payments ------------------------------------------------------------------------------------------------------------

-- The cumulative weights of the merchants, 1 / (rank + 3) ^ 0.9, scaled to 1: width_bucket finds a rank in it.
CREATE TEMP TABLE merchant_weights AS
SELECT array_agg(upto / total ORDER BY r) AS thresholds
FROM (SELECT r, sum(weight) OVER (ORDER BY r) AS upto, sum(weight) OVER () AS total
      FROM (SELECT r, ((r + 3) ^ -0.9::double precision) AS weight FROM generate_series(0, 1999) AS r) AS w) AS c;

-- `n` numbers the payments. A customer's payments are spread evenly over its time with some jitter, the hour of the day
-- bends them towards noon; the last day is left as it falls, or noon would lie in the future.
CREATE TEMP TABLE payment_plan AS
SELECT r * 100000::bigint + i AS n, id AS customer_id, log_amount, country_share,
       CASE WHEN age < 1.1 THEN at
            ELSE date_trunc('day', at) + interval '1 day' * (of_day + 0.11 * sin(2 * pi() * of_day))
       END AS created_at
FROM customer_plan,
     generate_series(0, volume - 1) AS i,
     LATERAL (SELECT least(120, account_days) * (i + pg_temp.unit(r * 100000::bigint + i, 31)) / volume) AS a(age),
     LATERAL (SELECT now() - age * interval '1 day') AS b(at),
     LATERAL (SELECT extract(epoch FROM at - date_trunc('day', at))::double precision / 86400) AS c(of_day);

INSERT INTO payments (id, customer_id, merchant_id, amount_minor, currency, scheme, status, created_at, risk_score,
                      request_id, acquirer_reference, decline_reason)
SELECT pg_temp.hex_uuid('payment' || n),
       customer_id,
       (merchant_rank * 1231) % 2000 + 1,
       100 + round(exp(log_amount + 0.7 * pg_temp.bell(n, 41))),
       CASE WHEN country_share < 14 THEN 'GBP' WHEN country_share < 22 THEN 'USD' ELSE 'EUR' END,
       CASE WHEN pg_temp.unit(n, 42) < 0.55 THEN 'visa' WHEN pg_temp.unit(n, 42) < 0.93 THEN 'mastercard' ELSE 'amex' END,
       CASE WHEN declined THEN 'declined' ELSE 'captured' END,
       created_at,
       round((0.02 + 0.2 * pg_temp.unit(n, 44) ^ 2)::numeric, 3),
       md5('request' || n),
       CASE WHEN NOT declined THEN 'AQ' || upper(left(md5('reference' || n), 12)) END,
       CASE WHEN declined THEN (ARRAY['insufficient_funds', 'do_not_honour', 'expired_card'])[1 + n % 3] END
FROM payment_plan,
     LATERAL (SELECT pg_temp.unit(n, 43) < 0.03) AS d(declined),
     LATERAL (SELECT width_bucket(pg_temp.unit(n, 45), (SELECT thresholds FROM merchant_weights))) AS m(merchant_rank)
ORDER BY created_at;

-- One captured payment in fifty was refunded in full within days.
INSERT INTO refunds (id, payment_id, amount_minor, created_at, request_id, acquirer_reference)
SELECT pg_temp.hex_uuid('refund' || id), id, amount_minor,
       least(now(), created_at + interval '6 days' * pg_temp.unit(hashtextextended(id::text, 0), 52)),
       md5('refund request' || id), 'AQ' || upper(left(md5('refund reference' || id), 12))
FROM payments WHERE status = 'captured' AND pg_temp.unit(hashtextextended(id::text, 0), 51) < 0.02;

-- Ledger --------------------------------------------------------------------------------------------------------------

-- The legs of every capture and refund, as services/ledger/bookkeeping.py would book them.
CREATE TEMP TABLE legs AS
SELECT event_id, payment_id, account || ':' || currency AS account, direction, leg.amount_minor, currency, created_at
FROM (SELECT pg_temp.hex_uuid('captured' || id) AS event_id, id AS payment_id, merchant_id, amount_minor, currency,
             created_at, least(amount_minor - 1, amount_minor * 14 / 1000 + 20) AS fee
      FROM payments WHERE status = 'captured') AS p,
     LATERAL (VALUES ('acquirer', 'debit', amount_minor), ('merchant:' || merchant_id, 'credit', amount_minor - fee),
                     ('fees', 'credit', fee)) AS leg(account, direction, amount_minor)
WHERE leg.amount_minor > 0
UNION ALL
SELECT pg_temp.hex_uuid('refunded' || f.id), p.id, account || ':' || p.currency, direction, f.amount_minor, p.currency, f.created_at
FROM refunds f JOIN payments p ON p.id = f.payment_id,
     LATERAL (VALUES ('merchant:' || p.merchant_id, 'debit'), ('acquirer', 'credit')) AS leg(account, direction);

INSERT INTO balances (account, currency, amount_minor)
SELECT account, currency, sum(CASE direction WHEN 'debit' THEN amount_minor ELSE -amount_minor END)
FROM legs GROUP BY account, currency ORDER BY account;

-- Entries are kept for the last three days; what came before is one opening entry per account.
INSERT INTO ledger_entries (event_id, account, direction, amount_minor, currency, created_at)
SELECT pg_temp.hex_uuid('opening'), account, CASE WHEN net > 0 THEN 'debit' ELSE 'credit' END, abs(net), currency,
       now() - interval '3 days'
FROM (SELECT account, currency, sum(CASE direction WHEN 'debit' THEN amount_minor ELSE -amount_minor END) AS net
      FROM legs WHERE created_at < now() - interval '3 days' GROUP BY account, currency) AS opening
WHERE net <> 0 ORDER BY account;

INSERT INTO ledger_entries (event_id, payment_id, account, direction, amount_minor, currency, created_at)
SELECT event_id, payment_id, account, direction, amount_minor, currency, created_at
FROM legs WHERE created_at >= now() - interval '3 days' ORDER BY created_at, event_id;
