from __future__ import annotations

from pathlib import Path

from labctl.actions.errand_steps import Steps
from labctl.base import progress
from labctl.state.database import Database
from labctl.state.errand import DONE, ErrandFile


def test_the_last_line_of_a_step_changes_while_it_goes_on(tmp_path: Path) -> None:
    database = Database(tmp_path / "state.db")
    database.prepare()
    file = ErrandFile(database)
    file.ask("heal", {})
    record = file.take()
    assert record is not None
    steps = Steps(file, record)
    with progress.listening(steps.hear):
        with progress.step("healing") as step:
            step.update("1 of 2")
            step.update("2 of 2")
            step.note("it took a while")
        progress.warn("look at it")
        with progress.step("waiting"):
            pass
    steps.end(DONE, {})
    found = file.read()
    assert found is not None
    assert found.steps == ("healing: done after 0 s", "it took a while", "look at it", "waiting: done after 0 s")
    assert found.ended_at is not None
