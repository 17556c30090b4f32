"""The history and its features in a real lab: big enough, skewed, recent, and the same figures either way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from labctl.lab.lab import Lab
from labctl.lookups.database import ObserverDatabase
from loadgen.population import HEAD, Customer

pytestmark = [pytest.mark.lab, pytest.mark.small]

QUERY = (Path(__file__).parents[2] / "services/risk/features.sql").read_text()
BUSINESSES = [Customer(rank) for rank in range(HEAD) if Customer(rank).business]
USUAL = [rank for rank in range(0, HEAD, 23) if not Customer(rank).business]


@pytest.fixture
def database(running_lab: Lab) -> ObserverDatabase:
    return ObserverDatabase(running_lab.record.ports.postgres, running_lab.addresses.password("OBSERVER_DB_PASSWORD"))


def rows(database: ObserverDatabase, sql: str) -> list[tuple[Any, ...]]:
    return list(database.run(sql, 1000).rows)


def test_the_history_is_big_and_recent(database: ObserverDatabase) -> None:
    ((payments, oldest_days, newest_hours),) = rows(
        database,
        "SELECT count(*)::text, (extract(epoch FROM now() - min(created_at)) / 86400)::int::text, "
        "(extract(epoch FROM now() - max(created_at)) / 3600)::int::text FROM payments",
    )
    assert int(payments) >= 300_000
    assert 119 <= int(oldest_days) <= 122
    assert int(newest_hours) <= 24


@pytest.mark.parametrize(("table", "count"), [("customers", 50_000), ("merchants", 2_000)])
def test_everybody_is_there(database: ObserverDatabase, table: str, count: int) -> None:
    assert [int(found) for (found,) in rows(database, f"SELECT count(*)::text FROM {table}")] == [count]  # noqa: S608


def test_a_few_accounts_have_thousands_of_payments(database: ObserverDatabase) -> None:
    found = rows(
        database,
        "SELECT c.id::text, count(*)::text FROM customers c JOIN payments p ON p.customer_id = c.id "
        "WHERE c.segment = 'business' AND p.created_at BETWEEN now() - interval '90 days' AND now() - interval '1 day' "
        "GROUP BY c.id ORDER BY count(*)",
    )
    assert [int(customer) for customer, _ in found] == [customer.id for customer in BUSINESSES]
    expected = [5000 + 4 * customer.rank for customer in BUSINESSES]
    assert [int(count) for _, count in found] == pytest.approx(expected, rel=0.03)


def test_the_snapshot_has_the_figures_of_the_query(database: ObserverDatabase) -> None:
    """Up to a day lies between the two: the days that they look at differ a little."""
    for rank in USUAL:
        customer = Customer(rank).id
        query = QUERY.replace("%(customer_id)s", str(customer))
        ((computed,),) = rows(database, f"SELECT to_json(f)::text FROM ({query}) AS f")  # noqa: S608
        ((stored,),) = rows(
            database,
            f"SELECT features::text FROM risk_feature_snapshot WHERE customer_id = {customer}",  # noqa: S608
        )
        ours, theirs = json.loads(computed), json.loads(stored)
        assert ours.keys() == theirs.keys()
        assert ours["home_country"] == theirs["home_country"]
        assert ours["account_days"] == pytest.approx(theirs["account_days"], abs=1)
        for name in ("payments", "mean_minor", "stddev_minor"):
            assert ours[name] == pytest.approx(theirs[name], rel=0.1, abs=3), f"{name} of rank {rank}"


def test_the_observer_can_change_nothing(database: ObserverDatabase) -> None:
    ((can_write,),) = rows(
        database,
        "SELECT bool_or(has_table_privilege(oid, 'INSERT, UPDATE, DELETE, TRUNCATE'))::text FROM pg_class "
        "WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'",
    )
    ((temporary, create),) = rows(
        database,
        "SELECT has_database_privilege('payments', 'TEMP')::text, has_schema_privilege('public', 'CREATE')::text",
    )
    assert (can_write, temporary, create) == ("false", "false", "false")
