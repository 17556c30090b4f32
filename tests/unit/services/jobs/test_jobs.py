"""What each job asks the database, and what it makes of the answers."""

from __future__ import annotations

import pytest

from services.common.statement import Statement
from services.jobs import reconcile, report, tidy
from tests.support.fake_database import FakeSession


def test_reconcile_finds_nothing_in_a_healthy_ledger() -> None:
    session = FakeSession(
        {
            "SELECT payments": [{"payments": 0}],
            "SELECT ledger_entries": [{"events": 0}],
            "SELECT balances": [{"currencies": 0}],
        }
    )
    assert reconcile.reconcile(session) == {
        "unbooked_payments": 0,
        "unbalanced_events": 0,
        "unbalanced_currencies": 0,
    }
    assert ("UPDATE merchants", {}) in session.asked


def test_reconcile_tells_what_it_finds() -> None:
    session = FakeSession(
        {
            "SELECT payments": [{"payments": 3}],
            "SELECT ledger_entries": [{"events": 2}],
            "SELECT balances": [{"currencies": 1}],
        }
    )
    assert list(reconcile.reconcile(session).values()) == [3, 2, 1]
    assert "UPDATE merchants" not in {summary for summary, _ in session.asked}


def test_report_tells_how_many_totals_changed() -> None:
    assert report.report(FakeSession({"INSERT merchant_totals": 17})) == {"merchant_totals": 17}


def test_tidy_deletes_a_limited_number_of_rows() -> None:
    session = FakeSession({"DELETE idempotency_keys": 5, "DELETE outbox": 7})
    assert tidy.tidy(session) == {"idempotency_keys": 5, "outbox_events": 7}
    assert all(parameters == {"most": tidy.MOST_ROWS} for _, parameters in session.asked)


@pytest.mark.parametrize("statement", [reconcile.UNBOOKED, reconcile.UNBALANCED, report.TOTALS, tidy.KEYS, tidy.EVENTS])
def test_no_job_reads_a_large_table_from_end_to_end(statement: Statement) -> None:
    assert "now() - interval" in statement.text


def test_no_job_takes_locks_that_requests_wait_for() -> None:
    for statement in (
        reconcile.UNBOOKED,
        reconcile.UNBALANCED,
        reconcile.NET,
        reconcile.CONFIRM,
        report.TOTALS,
    ):
        assert "FOR UPDATE" not in statement.text
        assert "LOCK" not in statement.text
