"""What helps the users under each fault, and what looks as if it would: one place for all, as data.

The last way of a fault that restores is the one that undoes the cause; the ones before are ways round it.
"""

from __future__ import annotations

from labctl.model.mitigation import (
    Block,
    Configure,
    Flag,
    Index,
    Mitigation,
    Move,
    Park,
    Restart,
    Rollback,
    Scale,
    Shed,
    Wait,
    restores,
    useless,
)

MITIGATIONS: dict[str, tuple[Mitigation, ...]] = {
    "risk-cache-ttl-cut": (
        restores(
            Configure("risk", "FEATURE_CACHE_TTL_SECONDS", "3600"), why="entries live until they are asked for again"
        ),
        useless(
            Restart("risk"), why="it fills its cache as it starts, and the entries expire again within half a minute"
        ),
        useless(Scale("risk", "cpu", 2), why="risk's CPU is nearly idle: its requests wait for one connection"),
    ),
    "risk-timeout-cut": (
        restores(Flag("issuer-signals", "off"), why="without the issuer's answer, an assessment takes 10 ms"),
        restores(Configure("payments", "RISK_TIMEOUT_MS", "250"), why="payments waits for every answer again"),
        useless(Restart("risk"), why="risk is as fast as it was: it is payments that does not wait"),
        useless(Shed(0.2), why="nothing is overloaded: a smaller load fails in the same share"),
    ),
    "risk-cache-key-regression": (
        restores(Rollback("risk"), why="entries are kept under the keys that they are looked up under"),
        useless(Scale("risk", "cpu", 2), why="risk waits for its connection, not for CPU"),
        useless(Configure("redis", "MAXMEMORY", "96mb"), why="Redis had memory to spare: nothing was evicted"),
    ),
    "payments-pool-cut": (
        restores(Scale("payments", "pool", 8), why="nobody queues for a connection any more"),
        useless(Restart("payments"), why="it starts with the same small pool"),
        useless(Scale("postgres", "cpu", 2), why="the database is nearly idle: requests wait before they reach it"),
    ),
    "payments-connection-leak": (
        restores(Rollback("payments"), why="the version before gives its connections back"),
        useless(Restart("risk"), why="risk's connections are its own: it is payments' pool that is empty"),
        useless(Scale("postgres", "cpu", 2), why="the sessions are idle: nobody works in them"),
    ),
    "history-n-plus-one": (
        restores(Rollback("payments"), why="a page is read by one statement again"),
        useless(Scale("payments", "pool", 16), why="nothing waits for a connection"),
        useless(Restart("payments"), why="the same version starts again"),
    ),
    "merchant-index-dropped": (
        restores(Index("payments_merchant_created"), why="a history reads its merchant's rows only"),
        useless(Restart("payments"), why="the table is read as a whole, whoever asks"),
        useless(Scale("payments", "pool", 16), why="connections are free: the query itself takes long"),
    ),
    "whale-merchant": (
        restores(Block("merchant", "1721"), why="nobody asks for the large merchant's figures: it alone pays for that"),
        useless(Restart("payments"), why="the merchant's rows are there as before"),
        useless(Scale("payments", "pool", 16), why="connections are free: one merchant's query takes long"),
    ),
    "ledger-poison-message": (
        restores(Park(), why="the records behind it are booked, and it is kept for whoever mends it"),
        useless(Scale("ledger", "cpu", 2), why="it is not too slow: it tries one record for ever"),
    ),
    "reconcile-row-locks": (
        restores(
            Configure("jobs", "RECONCILE_EVERY_SECONDS", "3600"),
            why="the locks come back once an hour, at a time we choose",
        ),
        restores(Rollback("jobs"), why="the version before holds no merchant's rows while it pauses"),
        useless(
            Scale("payments", "pool", 16), why="a larger pool only holds more sessions that wait for the same rows"
        ),
        useless(Restart("payments"), why="the next run of the job locks the rows again"),
    ),
    "risk-cpu-throttle": (
        restores(Move("risk"), why="another host has CPU to give"),
        restores(Scale("risk", "cpu", 1), why="risk gets the CPU that it needs"),
        useless(Restart("risk"), why="the limit belongs to its host, and holds for the new process"),
        useless(Restart("payments"), why="payments waits as it did: risk is the one that is late"),
    ),
    "redis-link-loss": (
        restores(Move("risk"), why="the way from another host loses nothing"),
        useless(Restart("risk"), why="the same host has the same way to Redis"),
        useless(Configure("redis", "MAXMEMORY", "96mb"), why="Redis has memory to spare: its answers get lost"),
    ),
    "redis-evictions": (
        restores(
            Configure("redis", "MAXMEMORY", "48mb"),
            Restart("risk"),
            why="there is room again, and risk fills the cache as it starts",
        ),
        useless(Restart("risk"), why="what it puts into the cache is thrown out again"),
        useless(Configure("risk", "FEATURE_CACHE_TTL_SECONDS", "7200"), why="entries are evicted, they do not expire"),
    ),
    "gateway-leak-oom": (
        restores(Rollback("gateway"), why="the version before keeps nothing of a request"),
        useless(Restart("payments"), why="payments is as it was: the gateway's memory grows"),
        useless(Scale("gateway", "cpu", 2), why="it lacks memory, not CPU"),
    ),
    "acquirer-slow-tail": (
        restores(
            Configure("payments", "ACQUIRER_TIMEOUT_MS", "150"),
            why="the few late answers are given up soon, and the second attempt is quick",
        ),
        useless(Restart("payments"), why="the processor is not ours: it answers as late as before"),
        useless(Scale("payments", "threads", 48), why="nothing waits for a thread"),
    ),
    "acquirer-scheme-errors": (
        restores(
            Block("scheme", "amex"),
            why="the shop is told at once to offer another card, and no checkout fails in the middle",
        ),
        useless(Restart("payments"), why="the processor refuses the scheme, whoever asks"),
        useless(Configure("payments", "ACQUIRER_ATTEMPTS", "3"), why="every attempt is refused alike"),
    ),
    "no-fault": (
        restores(Wait(), why="nothing is wrong: the page ends by itself"),
        useless(Restart("ledger"), why="the page is about a restart: another one makes another page"),
    ),
}
