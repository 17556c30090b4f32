from __future__ import annotations

from pathlib import Path

import pytest

from labctl.state.database import Database
from labctl.state.documents import Documents


@pytest.fixture
def documents(tmp_path: Path) -> Documents:
    database = Database(tmp_path / "state.db")
    database.prepare()
    return Documents(database)


def test_a_document_comes_back_as_it_was_put_last(documents: Documents) -> None:
    documents.put("incident", "1", {"status": "injecting"})
    documents.put("incident", "1", {"status": "open", "curves": [[1.5, None]]})
    assert documents.get("incident", "1") == {"status": "open", "curves": [[1.5, None]]}
    assert documents.count("incident") == 1


def test_kinds_are_kept_apart(documents: Documents) -> None:
    documents.put("incident", "1", {"a": 1})
    documents.put("verification", "1", {"b": 2})
    assert documents.all("incident") == {"1": {"a": 1}}
    assert documents.get("incident", "2") is None
    assert documents.count("drill") == 0


def test_removing_is_harmless_where_there_is_nothing(documents: Documents) -> None:
    documents.put("incident", "1", {})
    documents.remove("incident", "1")
    documents.remove("incident", "1")
    assert documents.all("incident") == {}


def test_the_database_does_not_name_what_a_document_names(documents: Documents) -> None:
    documents.put("incident", "1", {"fault": "risk-cache-ttl-cut"})
    files = documents.database.path.parent.glob("state.db*")
    assert not any(b"risk-cache" in path.read_bytes() for path in files)
