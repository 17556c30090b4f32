from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from labctl.base.errors import EngineError
from labctl.docker.postgres_server import ALTER_LOCK_MS
from labctl.lab import calibration, undo
from labctl.lab.lab import Lab
from labctl.model.merchant_import import MerchantImport
from labctl.model.migration import Migration
from tests.support.fake_host import FakeHost, HostState
from tests.support.fake_lab import FakeStack, make_lab

MIGRATION = Migration(
    "0042_drop_an_index", up="\nDROP INDEX IF EXISTS a;\n", down="CREATE INDEX IF NOT EXISTS a ON t (b);"
)
IMPORT = MerchantImport(7, payments=200, reference="OLD-")


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Lab, FakeStack]:
    return make_lab("lab", tmp_path, monkeypatch)


def migrate(lab: Lab) -> None:
    lab.database.migrate(MIGRATION, author="a.n", summary="Drop an index")


def scripts(host: FakeHost) -> list[str]:
    """Return what psql was given, but for the looks at who is there."""
    return [each for each in host.scripts if "pg_stat_activity" not in each]


def test_a_migration_goes_up_and_the_feed_shows_its_file(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    migrate(lab)
    assert scripts(stack.docker) == [MIGRATION.up]
    (change,) = lab.store.changes.list()
    assert (change.kind, change.author, change.old, change.new) == ("migration", "a.n", "schema 41", "schema 42")
    assert change.detail.splitlines()[:2] == ["--- /dev/null", "+++ b/db/migrations/0042_drop_an_index.sql"]
    assert "+DROP INDEX IF EXISTS a;" in change.detail


def test_it_comes_down_again_and_no_file_of_it_is_needed(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    migrate(lab)
    undo.replay(lab)
    assert scripts(stack.docker) == [MIGRATION.up, MIGRATION.down]
    back = lab.store.changes.list()[-1]
    assert (back.old, back.new) == ("schema 42", "schema 41")
    assert "--- a/db/migrations/0042_drop_an_index.sql" in back.detail


def test_statements_and_waits_for_locks_are_bounded(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    migrate(lab)
    (command,) = stack.docker.commands
    assert any("statement_timeout=" in part and "lock_timeout=" in part for part in command)


def test_neither_direction_makes_users_queue_behind_a_long_read(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    migrate(lab)
    up = stack.docker.commands[-1]
    undo.replay(lab)
    for command in (up, stack.docker.commands[-1]):
        assert any(f"lock_timeout={ALTER_LOCK_MS}ms" in part for part in command)


def test_one_that_was_cut_short_is_taken_down_and_told_once(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    stack.docker.refuses.add("exec")
    for change in (lambda: migrate(lab), lambda: undo.replay(lab)):
        with pytest.raises(EngineError):
            change()
    stack.docker.refuses.clear()
    undo.replay(lab)
    assert scripts(stack.docker) == [MIGRATION.down]
    assert [(each.old, each.new) for each in lab.store.changes.list()].count(("schema 42", "schema 41")) == 1


def test_a_statement_that_a_killed_command_left_is_ended_before_anything_is_undone(
    made: tuple[Lab, FakeStack],
) -> None:
    lab, stack = made
    migrate(lab)
    stack.docker.scripts.clear()
    undo.replay(lab)
    look, down = stack.docker.scripts
    assert "pg_terminate_backend" in look
    assert down == MIGRATION.down


def loaded(stack: FakeStack) -> int:
    """Return how many rows were copied in."""
    return sum("\tOLD-" in line for each in stack.docker.scripts for line in each.splitlines())


@pytest.mark.parametrize(("scan_ms", "rows"), [(None, 200), (9.0, 200), (4.5, 400), (36.0, 200), (0.009, 1600)])
def test_a_merchant_brings_as_much_as_takes_the_reference_as_long(
    made: tuple[Lab, FakeStack], scan_ms: float | None, rows: int
) -> None:
    lab, stack = made
    if scan_ms is not None:
        stack.docker = replace(stack.docker, scan_ms=scan_ms)
        calibration.calibrate(lab.store, lab.database.server, lab.metrics)
    lab.database.import_payments(IMPORT)
    assert loaded(stack) == rows <= calibration.MOST_SPEED * IMPORT.payments
    assert lab.store.changes.list() == []


def test_whatever_came_in_is_taken_out_again(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.database.import_payments(IMPORT)
    undo.replay(lab)
    assert stack.docker.scripts[-1] == IMPORT.removal
    assert stack.docker.seen() == HostState()


def test_a_session_holds_on_and_is_ended_by_its_name(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.database.hold("nightly-export", "LOCK TABLE merchants IN SHARE MODE", 600)
    command = stack.docker.commands[-1]
    assert command[:3] == ("exec", "--detach", "--user")
    assert "PGAPPNAME=nightly-export" in command
    assert command[-1] == "BEGIN; LOCK TABLE merchants IN SHARE MODE; SELECT pg_sleep(600); COMMIT"
    undo.replay(lab)
    assert "application_name = 'nightly-export'" in stack.docker.scripts[-1]


def test_a_migration_follows_the_last_one_whatever_its_own_number(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    migrate(lab)
    lab.database.migrate(MIGRATION.numbered(31), author="a.n", summary="Another one")
    second = lab.store.changes.list()[-1]
    assert (second.old, second.new) == ("schema 42", "schema 43")
    assert "db/migrations/0043_drop_an_index.sql" in second.detail
    undo.replay(lab)
    migrate(lab)
    assert lab.store.changes.list()[-1].new == "schema 42", "after the way back, the schema is again what it was"
