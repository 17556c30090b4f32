from __future__ import annotations

from labctl.model.one_off_job import OneOffJob


def test_its_session_is_called_like_those_of_the_scheduled_jobs() -> None:
    assert OneOffJob("recount", ("SELECT 1",)).application == "jobs-recount"
