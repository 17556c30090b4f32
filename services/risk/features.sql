WITH recent AS MATERIALIZED (
    SELECT p.id, p.created_at, p.amount_minor, m.country
    FROM payments p JOIN merchants m ON m.id = p.merchant_id
    WHERE p.customer_id = %(customer_id)s
      AND p.created_at >= now() - interval '90 days' AND p.created_at < now() - interval '1 day'
), hours AS (
    SELECT count(*) AS in_hour
    FROM recent a JOIN recent b ON b.created_at BETWEEN a.created_at - interval '1 hour' AND a.created_at
    GROUP BY a.id
)
SELECT c.country AS home_country,
       floor(extract(epoch FROM now() - c.created_at) / 86400)::int AS account_days,
       (SELECT count(*) FROM recent) AS payments,
       (SELECT coalesce(round(avg(amount_minor)), 0)::bigint FROM recent) AS mean_minor,
       (SELECT coalesce(round(stddev_pop(amount_minor)), 0)::bigint FROM recent) AS stddev_minor,
       ARRAY(SELECT DISTINCT country FROM recent ORDER BY country) AS countries,
       (SELECT coalesce(max(in_hour), 0) FROM hours) AS busiest_hour
FROM customers c WHERE c.id = %(customer_id)s
