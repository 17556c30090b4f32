from __future__ import annotations

import threading
from functools import partial

from services.jobs.runner import Runner
from services.jobs.schedule import Schedule, Timetable


class Steps:
    """A clock that jumps a minute whenever it is read."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 60
        return self.now


def test_jobs_run_one_after_the_other_until_stopped() -> None:
    ran: list[str] = []

    def job(name: str) -> None:
        ran.append(name)
        if len(ran) >= 6:
            runner.stop()

    schedule = Schedule([Timetable("a", 60), Timetable("b", 60)], now=0.0)
    runner = Runner(schedule, {name: partial(job, name) for name in "ab"}, clock=Steps())
    thread = threading.Thread(target=runner.run)
    thread.start()
    thread.join(10)
    assert not thread.is_alive()
    assert ran == ["a", "b"] * 3


def test_it_stops_while_it_waits() -> None:
    runner = Runner(Schedule([Timetable("a", 3600)], now=0.0), {"a": lambda: None}, clock=lambda: 0.0)
    thread = threading.Thread(target=runner.run)
    thread.start()
    runner.stop()
    thread.join(10)
    assert not thread.is_alive()
