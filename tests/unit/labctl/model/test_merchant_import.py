from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from labctl.model import merchant_import
from labctl.model.merchant_import import COLUMNS, NEWEST, OLDEST, MerchantImport

IMPORT = MerchantImport(7, payments=200, reference="OLD-")
NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def references() -> list[str]:
    return [row["acquirer_reference"] for row in rows()]


def rows() -> list[dict[str, str]]:
    names = COLUMNS.split(", ")
    return [dict(zip(names, line.split("\t"), strict=True)) for line in IMPORT.lines(NOW)]


def test_they_are_one_merchants_and_known_by_their_reference() -> None:
    assert len(rows()) == 200
    assert {row["merchant_id"] for row in rows()} == {"7"}
    assert all(row["acquirer_reference"].startswith("OLD-") for row in rows())


def test_ids_differ_and_are_in_the_order_of_time() -> None:
    ids = [UUID(row["id"]) for row in rows()]
    assert ids == sorted(set(ids))
    assert {one.version for one in ids} == {7}


def test_they_lie_in_the_last_months_but_not_in_the_last_days() -> None:
    moments = [datetime.fromisoformat(row["created_at"]) for row in rows()]
    assert moments == sorted(moments)
    assert moments[0] == NOW - OLDEST
    assert NOW - NEWEST - timedelta(days=1) < moments[-1] < NOW - NEWEST


def test_the_same_moment_gives_the_same_rows() -> None:
    assert list(IMPORT.lines(NOW)) == list(IMPORT.lines(NOW))


def test_they_are_loaded_in_batches_and_exactly_they_are_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merchant_import, "BATCH", 150)
    *loads, last = IMPORT.scripts(NOW)
    removal = IMPORT.removal
    loaded = [[line.split("\t")[-1] for line in each.splitlines()[2:-1]] for each in loads]
    assert loaded == [references()[:150], references()[150:]]
    assert all(each.endswith("\n\\.\n") for each in loads)
    assert last == "ANALYZE payments;\n"
    assert "WHERE merchant_id = 7 AND acquirer_reference LIKE 'OLD-%'" in removal
    assert "DELETE FROM payments USING batch WHERE payments.id = batch.id" in removal
    assert removal.endswith("VACUUM (ANALYZE) payments;\n")


def test_they_are_removed_a_few_at_a_time_with_pauses_for_others() -> None:
    removal = IMPORT.removal
    assert f"LIMIT {merchant_import.REMOVED_AT_ONCE}\n" in removal
    assert removal.index("DELETE FROM payments") < removal.index("COMMIT;") < removal.index("PERFORM pg_sleep")
    assert "SET vacuum_cost_delay" in removal
