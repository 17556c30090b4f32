from __future__ import annotations

from threading import Event

import pytest

from bench import store
from bench.hub.using import Meter, looking
from labctl.base.errors import EngineError
from labctl.operate import background
from labctl.operate.background import ROOM, Process

PARTS = {"the rooms": [("one", ROOM), ("two", ROOM)]}


def processes(monkeypatch: pytest.MonkeyPatch, pids: dict[str, int]) -> None:
    monkeypatch.setattr(background, "running", lambda name, _kind: Process(pids[name], "1") if name in pids else None)


def test_a_part_is_the_sum_of_its_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    processes(monkeypatch, {"one": 11, "two": 12})
    ticks, memory = {11: 100, 12: 0}, {11: 40.0, 12: 30.0}
    monkeypatch.setattr(store, "ticks", lambda *pids: sum(ticks[each] for each in pids))
    monkeypatch.setattr(store, "memory_mb", lambda *pids: (sum(memory[each] for each in pids), memory[11] / 2))
    meter = Meter(PARTS)
    meter.begin()
    memory[11] = 90.0
    meter.look()
    memory[11], ticks[11], ticks[12] = 20.0, 100 + store.TICKS, store.TICKS
    taken = meter.end(4)["the rooms"]
    assert (taken.memory_mb, taken.commands_mb, taken.cores) == (120.0, 45.0, 0.5)


def test_a_process_that_was_started_again_makes_no_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "ticks", lambda *_: 0)
    monkeypatch.setattr(store, "memory_mb", lambda *_: (0.0, 0.0))
    processes(monkeypatch, {"one": 11, "two": 12})
    meter = Meter(PARTS)
    meter.begin()
    processes(monkeypatch, {"one": 11, "two": 13})
    with pytest.raises(EngineError, match="started again"):
        meter.end(1)


def test_it_is_looked_at_within_the_block() -> None:
    seen = Event()
    with looking(seen.set, 0.01):
        assert seen.wait(30)
