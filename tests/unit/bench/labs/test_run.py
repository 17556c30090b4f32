from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from bench import measure
from bench.labs import run, seen
from bench.labs.run import Plan, play
from bench.labs.seen import Seen
from labctl.base.errors import EngineError
from labctl.health import steady_state
from labctl.operate import guard, injection, pausing
from tests.support.example_fault import example

Events = list[str]


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch) -> Events:
    done: Events = []

    @contextmanager
    def running(name: str, rps: float) -> Iterator[SimpleNamespace]:
        done.append(f"up {name} {rps:g}")
        try:
            yield SimpleNamespace(lab=SimpleNamespace(name=name, metrics=None, rps=rps), seconds=20.0)
        finally:
            done.append(f"down {name}")

    @contextmanager
    def exclusive(lab: SimpleNamespace, _what: str) -> Iterator[None]:
        yield

    def look(labs: Sequence[SimpleNamespace], _seconds: int, what: str) -> dict[str, Seen]:
        done.append(f"look {len(labs)} {what}")
        return {each.name: Seen(0.1, 300, 0, {}) for each in labs}

    monkeypatch.setattr(measure, "running", running)
    monkeypatch.setattr(seen, "look", look)
    monkeypatch.setattr(run, "pause", lambda _seconds: None)
    monkeypatch.setattr(guard, "exclusive", exclusive)
    monkeypatch.setattr(steady_state, "wait", lambda *_: done.append("steady"))
    for module, name in ((injection, "inject"), (injection, "heal"), (pausing, "pause"), (pausing, "wake")):
        monkeypatch.setattr(module, name, lambda lab, *_, name=name: done.append(f"{name} {lab.name}"))
    return done


def test_a_run_in_order(events: Events) -> None:
    found = play(Plan(2, 5, 60), example())
    assert events == [
        "up bench-1 5",
        "look 1 one lab alone",
        "up bench-2 5",
        "look 2 2 labs at rest, window 1",
        "look 2 2 labs at rest, window 2",
        "inject bench-1",
        "look 2 one of them broken",
        "heal bench-1",
        *("steady", "pause bench-2", "wake bench-2", "steady"),
        *("down bench-2", "down bench-1"),
    ]
    assert set(found.broken) == {"bench-1", "bench-2"}
    assert found.start_s == (20.0, 20.0)


def test_whatever_happens_the_fault_is_healed_and_the_labs_go(events: Events, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(lab: SimpleNamespace, *_: object) -> None:
        raise EngineError("stopped")

    monkeypatch.setattr(injection, "inject", refuse)
    with pytest.raises(EngineError):
        play(Plan(2, 5, 60), example())
    assert events[-3:] == ["heal bench-1", "down bench-2", "down bench-1"]
