from __future__ import annotations

from pathlib import Path

import pytest

from labctl.base.errors import EngineError
from labctl.docker.postgres_server import PostgresServer
from labctl.lab.changing import Said
from labctl.lab.migrations import Migration, Migrations
from labctl.state.state import LabStore
from tests.support.fake_host import FakeHost

MIGRATION = Migration(
    "0042_drop_an_index", up="\nDROP INDEX IF EXISTS a;\n", down="CREATE INDEX IF NOT EXISTS a ON t (b);"
)
SAID = Said("a.n", "Drop an index")


@pytest.fixture
def store(tmp_path: Path) -> LabStore:
    store = LabStore(tmp_path)
    store.prepare()
    return store


def migrations(store: LabStore, host: FakeHost) -> Migrations:
    return Migrations(PostgresServer(host, "id"), store)


def test_it_goes_up_once_and_the_feed_shows_its_file(store: LabStore) -> None:
    host = FakeHost()
    migrations(store, host).apply(MIGRATION, SAID)
    assert host.scripts == [MIGRATION.up]
    (change,) = store.changes.list()
    assert (change.kind, change.author, change.old, change.new) == ("migration", "a.n", "schema 41", "schema 42")
    assert change.detail.splitlines()[:2] == ["--- /dev/null", "+++ b/db/migrations/0042_drop_an_index.sql"]
    assert "+DROP INDEX IF EXISTS a;" in change.detail


def test_it_comes_down_again(store: LabStore) -> None:
    host = FakeHost()
    here = migrations(store, host)
    here.apply(MIGRATION, SAID)
    assert here.revert(MIGRATION, SAID)
    assert host.scripts == [MIGRATION.up, MIGRATION.down]
    assert [(change.old, change.new) for change in store.changes.list()][1] == ("schema 42", "schema 41")
    assert not here.revert(MIGRATION, SAID)


def test_what_never_was_up_is_not_touched(store: LabStore) -> None:
    host = FakeHost()
    assert not migrations(store, host).revert(MIGRATION, SAID)
    assert host.scripts == []
    assert store.changes.list() == []


@pytest.mark.parametrize("command", ["apply", "revert"])
def test_one_that_was_cut_short_is_taken_down_by_the_next(store: LabStore, command: str) -> None:
    if command == "revert":
        migrations(store, FakeHost()).apply(MIGRATION, SAID)
    with pytest.raises(EngineError):
        getattr(migrations(store, FakeHost(refuses={"exec"})), command)(MIGRATION, SAID)
    host = FakeHost()
    assert migrations(store, host).revert(MIGRATION, SAID)
    assert host.scripts == [MIGRATION.down]
