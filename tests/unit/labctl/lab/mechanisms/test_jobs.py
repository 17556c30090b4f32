from __future__ import annotations

from pathlib import Path

import pytest

from labctl.base.errors import EngineError
from labctl.lab import undo
from labctl.lab.lab import Lab
from labctl.model.one_off_job import OneOffJob
from tests.support.fake_lab import FakeStack, make_lab

JOB = OneOffJob("recount", ("SELECT 1", "UPDATE t SET a = 1"), pause_s=0.5, undo="UPDATE t SET a = 0;")


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Lab, FakeStack]:
    return make_lab("lab", tmp_path, monkeypatch)


def run(lab: Lab, job: OneOffJob = JOB) -> None:
    lab.jobs.run(job, author="a.n", summary="Count again")


def test_it_runs_in_a_session_of_its_own_and_the_feed_says_whose_it_is(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    run(lab)
    command = stack.docker.commands[-1]
    assert command[:2] == ("exec", "--detach")
    assert "PGAPPNAME=jobs-recount" in command
    assert [each for each in command if each.startswith(("SELECT", "UPDATE"))] == [
        "SELECT 1",
        "SELECT pg_sleep(0.5)",
        "UPDATE t SET a = 1",
        "SELECT pg_sleep(0.5)",
    ]
    (change,) = lab.store.changes.list()
    assert (change.kind, change.component, change.new, change.author) == ("job", "jobs", "recount", "a.n")


def test_it_never_makes_others_queue_for_a_lock(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    run(lab)
    assert any("lock_timeout=150ms" in part for part in stack.docker.commands[-1])


def test_it_is_ended_and_what_it_wrote_taken_back(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    run(lab)
    undo.replay(lab)
    *_, end, back = stack.docker.scripts
    assert "application_name = 'jobs-recount'" in end
    assert back == JOB.undo
    assert lab.store.undo_log.entries() == []


def test_one_that_only_reads_leaves_nothing_to_take_back(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    run(lab, OneOffJob("recount", ("SELECT 1",)))
    undo.replay(lab)
    assert "application_name" in stack.docker.scripts[-1]


def test_one_that_can_not_be_started_can_still_be_undone(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    stack.docker.refuses.add("exec")
    with pytest.raises(EngineError):
        run(lab)
    stack.docker.refuses.clear()
    assert undo.replay(lab) == 1
