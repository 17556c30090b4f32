from __future__ import annotations

from pathlib import Path

import pytest

from labctl.state.database import Database
from labctl.state.errand import DONE, FAILED, MOST_TRIES, RUNNING, ErrandFile


@pytest.fixture
def file(tmp_path: Path) -> ErrandFile:
    database = Database(tmp_path / "state.db")
    database.prepare()
    return ErrandFile(database)


def test_one_at_a_time(file: ErrandFile) -> None:
    assert file.read() is None
    assert file.take() is None
    assert file.ask("heal", {})
    assert not file.ask("break", {"track": "sre"})
    taken = file.take()
    assert taken is not None
    assert (taken.what, taken.state, taken.tries) == ("heal", RUNNING, 1)
    file.write(type(taken)(**{**vars(taken), "state": DONE, "steps": ("healing",)}))
    found = file.read()
    assert found is not None
    assert (found.under_way, found.steps) == (False, ("healing",))
    assert file.ask("break", {"track": "sre"})


def test_what_was_tried_too_often_has_failed(file: ErrandFile) -> None:
    file.ask("heal", {})
    tries = [file.take() for _ in range(MOST_TRIES)]
    assert [each.tries for each in tries if each] == [1, 2, 3]
    assert file.take() is None
    found = file.read()
    assert found is not None
    assert found.state == FAILED
    assert found.problem["todo"]
