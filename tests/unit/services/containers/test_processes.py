from __future__ import annotations

from typing import Any

import pytest

from services.containers.processes import TICKS, Process, Processes


@pytest.fixture
def found(host: Any) -> Processes:
    return Processes(host.proc)


def test_the_oldest_is_the_first(host: Any, found: Processes) -> None:
    host.process(11, 500)
    host.process(12, 400, name="a (b) c")
    assert found.first("x", [11, 12]) == Process(12, 400)
    assert found.started_at(Process(12, 400)) == 1_700_000_000 + 400 / TICKS


def test_new_processes_are_no_restart(host: Any, found: Processes) -> None:
    host.process(11, 500)
    found.first("x", [11])
    host.process(12, 600)
    assert found.first("x", [11, 12]) == Process(11, 500)
    assert found.restarts("x") == 0


def test_another_first_process_is_a_restart(host: Any, found: Processes) -> None:
    host.process(11, 500)
    found.first("x", [11])
    host.process(21, 900)
    assert found.first("x", [21]) == Process(21, 900)
    assert found.restarts("x") == 1


def test_a_process_id_that_is_used_again_is_a_restart(host: Any, found: Processes) -> None:
    host.process(11, 500)
    found.first("x", [11])
    host.process(11, 900)
    assert found.first("x", [11]) == Process(11, 900)
    assert found.restarts("x") == 1


def test_a_restart_is_seen_after_a_gap(host: Any, found: Processes) -> None:
    host.process(11, 500)
    found.first("x", [11])
    assert found.first("x", []) is None
    host.process(31, 950)
    found.first("x", [31])
    assert found.restarts("x") == 1


def test_containers_are_counted_apart(host: Any, found: Processes) -> None:
    host.process(11, 500)
    host.process(12, 600)
    found.first("x", [11])
    found.first("y", [12])
    assert (found.restarts("x"), found.restarts("y"), found.restarts("z")) == (0, 0, 0)


def test_processes_that_ended_meanwhile(host: Any, found: Processes) -> None:
    host.process(12, 600)
    assert found.first("x", [11, 12]) == Process(12, 600)
    assert found.first("y", [99]) is None


@pytest.mark.parametrize("name", ["runc:[0:PARENT]", "runc:[2:INIT]", "crun"])
def test_a_restart_is_counted_once_though_the_runtime_prepares_it(host: Any, found: Processes, name: str) -> None:
    host.process(11, 500)
    found.first("x", [11])
    host.process(21, 900, name=name)
    assert found.first("x", [21]) is None
    host.process(22, 901)
    assert found.first("x", [22]) == Process(22, 901)
    assert found.restarts("x") == 1
