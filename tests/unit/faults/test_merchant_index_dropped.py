from pathlib import Path

import pytest

from faults.merchant_index_dropped import FAULT, MIGRATION
from labctl.lab import undo
from labctl.model.draw import usual
from tests.support.corpus import answer_tests
from tests.support.fake_lab import make_lab

RIGHT = (
    "postgres schema-migration missing-index",
    "payments-postgres schema-migration missing-index",
)
WRONG = (
    # the decoy: traffic grew
    "clients traffic-change overload",
    "postgres traffic-change overload",
    # right place, wrong change or mechanism
    "postgres nothing missing-index",
    "postgres schema-migration data-skew",
    "postgres schema-migration row-lock-contention",
    # where it shows
    "payments nothing slow-dependency",
    "gateway nothing slow-dependency",
    "none nothing nothing-wrong",
)


test_right, test_wrong = answer_tests(FAULT, RIGHT, WRONG)


def test_the_migration_is_in_the_feed_and_so_is_its_way_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    FAULT.break_lab(lab, usual())
    assert stack.docker.seen().dropped == {"idempotency_keys_created", "payments_merchant_created"}
    undo.replay(lab)
    assert stack.docker.seen().dropped == set()
    up, down = lab.store.changes.list()
    assert (up.kind, up.component, up.old, up.new) == ("migration", "postgres", "schema 30", "schema 31")
    assert "+DROP INDEX IF EXISTS payments_merchant_created;" in up.detail
    assert (down.old, down.new, down.author) == ("schema 31", "schema 30", "on-call")


def test_what_comes_back_is_what_was_shipped() -> None:
    shipped = (Path(__file__).parents[3] / "compose/postgres/indexes.sql").read_text()
    for line in MIGRATION.down.strip().splitlines():
        assert line.replace("IF NOT EXISTS ", "") in shipped
