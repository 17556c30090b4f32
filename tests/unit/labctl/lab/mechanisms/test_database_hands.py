"""What a database administrator does by hand: ends sessions, builds a missing index."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.base.errors import LabStateError, NotFoundError
from labctl.docker.postgres_server import PostgresServer
from labctl.lab import undo
from labctl.lab.lab import Lab
from labctl.lab.mechanisms.database import indexes
from tests.support.fake_host import FakeHost
from tests.support.fake_lab import FakeStack, make_lab

INDEX = "payments_merchant_created"


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Lab, FakeStack]:
    return make_lab("lab", tmp_path, monkeypatch)


def test_sessions_end_by_process_or_application(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    stack.docker.sessions.extend((("41", "jobs"), ("42", "jobs"), ("43", "it's")))
    assert lab.database.end("42") == 1
    assert lab.database.end("jobs") == 1
    assert lab.database.end("nobody") == 0
    assert stack.docker.sessions == [("43", "it's")]
    assert lab.store.undo_log.entries() == []


@given(st.text(min_size=1))
def test_no_name_gets_out_of_its_quotes(name: str) -> None:
    host = FakeHost()
    PostgresServer(host, "id").kill(name)
    (script,) = host.scripts
    quoted = script.partition("application_name = '")[2]
    if quoted:
        assert quoted.removesuffix("';\n").replace("''", "").count("'") == 0


def test_a_missing_index_is_built_as_the_schema_has_it_and_dropped_again(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    stack.docker.state.dropped.add(INDEX)
    lab.database.build_index(INDEX)
    assert stack.docker.seen().dropped == set()
    assert "(merchant_id, created_at DESC, id DESC)" in indexes()[INDEX]
    undo.replay(lab)
    assert stack.docker.seen().dropped == {INDEX}


def test_an_index_that_is_there_is_left_alone(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    with pytest.raises(LabStateError, match="is there already"):
        lab.database.build_index(INDEX)
    assert lab.store.undo_log.entries() == []


def test_only_the_schemas_own_indexes(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    with pytest.raises(NotFoundError, match="no index named 'payments_merchant'") as error:
        lab.database.build_index("payments_merchant")
    assert error.value.near == INDEX
    assert "CREATE UNIQUE INDEX IF NOT EXISTS ledger_entries_event" in indexes()["ledger_entries_event"]
