-- Secondary indexes and foreign keys, built once over the loaded rows.

CREATE INDEX payments_customer_created ON payments (customer_id, created_at);
CREATE INDEX payments_merchant_created ON payments (merchant_id, created_at DESC, id DESC);
-- For the jobs' look at the last minutes. BRIN: next to nothing to keep up, and rows arrive in this order anyway.
CREATE INDEX payments_created ON payments USING brin (created_at) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX refunds_payment ON refunds (payment_id);
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);
CREATE INDEX outbox_unpublished ON outbox (id) WHERE published_at IS NULL;
CREATE UNIQUE INDEX ledger_entries_event ON ledger_entries (event_id, account);
CREATE INDEX ledger_entries_payment ON ledger_entries (payment_id);
CREATE INDEX ledger_entries_request ON ledger_entries (request_id) WHERE request_id IS NOT NULL;
CREATE INDEX ledger_entries_created ON ledger_entries (created_at);

ALTER TABLE payments ADD FOREIGN KEY (customer_id) REFERENCES customers,
                     ADD FOREIGN KEY (merchant_id) REFERENCES merchants;
ALTER TABLE refunds ADD FOREIGN KEY (payment_id) REFERENCES payments;
ALTER TABLE merchant_totals ADD FOREIGN KEY (merchant_id) REFERENCES merchants;
