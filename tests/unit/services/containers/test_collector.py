from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from services.containers.collector import Collector
from services.containers.exposition import HELP


@pytest.fixture
def inventory(tmp_path: Path, container_id: str) -> Path:
    path = tmp_path / "containers.json"
    found = [{"id": container_id, "service": "payments"}, {"id": "f" * 64, "service": "gone"}]
    path.write_text(json.dumps({"project": "lab", "containers": found}))
    return path


@pytest.mark.parametrize("version", ["version_1", "version_2"])
def test_everything_of_what_runs_and_nothing_of_what_is_gone(host: Any, inventory: Path, version: str) -> None:
    getattr(host, version)()
    host.process(11, 5000)
    host.process(12, 6000)
    ((container, values),) = Collector(inventory, host.cgroup, host.proc).collect()
    assert container.service == "payments"
    assert set(values) == set(HELP)
    assert values["container_processes"] == 2
    assert values["container_restarts_total"] == 0
    assert values["container_start_time_seconds"] > 1_700_000_000


def test_a_restarted_container(host: Any, inventory: Path) -> None:
    group = host.version_2()
    host.process(11, 5000)
    collector = Collector(inventory, host.cgroup, host.proc)
    collector.collect()
    host.process(41, 9000)
    (group / "cgroup.procs").write_text("41\n")
    ((_, values),) = collector.collect()
    assert values["container_restarts_total"] == 1


def test_a_container_that_goes_while_it_is_read(host: Any, inventory: Path) -> None:
    group = host.version_2()
    host.process(11, 5000)
    (group / "memory.events").unlink()
    assert Collector(inventory, host.cgroup, host.proc).collect() == []


def test_a_container_without_processes_has_stopped(host: Any, inventory: Path) -> None:
    host.version_2({"cgroup.procs": ""})
    assert Collector(inventory, host.cgroup, host.proc).collect() == []


@pytest.mark.parametrize("version", ["version_1", "version_2"])
def test_a_container_that_its_runtime_still_prepares_has_no_figures(host: Any, inventory: Path, version: str) -> None:
    getattr(host, version)()
    host.process(11, 5000, name="runc:[1:CHILD]")
    host.process(12, 5001, name="runc:[2:INIT]")
    collector = Collector(inventory, host.cgroup, host.proc)
    assert collector.collect() == []
    host.process(12, 5001)
    ((_, values),) = collector.collect()
    assert values["container_restarts_total"] == 0


def test_a_kill_that_took_the_container_with_its_group_is_counted(host: Any, inventory: Path) -> None:
    group = host.version_2({"memory.current": "67000000\n", "memory.events": "oom_kill 0\n"})
    host.process(11, 5000)
    (host.proc / "vmstat").write_text("nr_free_pages 5\noom_kill 3\n")
    collector = Collector(inventory, host.cgroup, host.proc)
    collector.collect()
    (host.proc / "vmstat").write_text("nr_free_pages 5\noom_kill 4\n")
    host.process(41, 9000)
    (group / "cgroup.procs").write_text("41\n")
    ((_, values),) = collector.collect()
    assert values["container_oom_events_total"] == 1


def test_the_kills_of_a_container_that_was_replaced_are_told_and_nothing_else_of_it(
    host: Any, inventory: Path, container_id: str
) -> None:
    group = host.version_2({"memory.events": "oom_kill 2\n"})
    host.process(11, 5000)
    collector = Collector(inventory, host.cgroup, host.proc)
    collector.collect()
    (group / "cgroup.procs").write_text("")
    inventory.write_text(json.dumps({"project": "lab", "containers": [{"id": "e" * 64, "service": "payments"}]}))
    ((container, values),) = collector.collect()
    assert (container.id, container.service) == (container_id, "payments")
    assert values == {"container_oom_events_total": 2}


def test_a_kill_that_is_told_after_its_container_is_gone_is_shown(
    host: Any, inventory: Path, container_id: str
) -> None:
    group = host.version_2({"memory.current": "67000000\n", "memory.events": "oom_kill 0\n"})
    host.process(11, 5000)
    (host.proc / "vmstat").write_text("oom_kill 3\n")
    collector = Collector(inventory, host.cgroup, host.proc)
    ((seen, _),) = collector.collect()
    assert seen.id == container_id
    (group / "cgroup.procs").write_text("")
    inventory.write_text(json.dumps({"project": "lab", "containers": [{"id": "e" * 64, "service": "payments"}]}))
    assert collector.collect() == []
    (host.proc / "vmstat").write_text("oom_kill 4\n")
    ((container, values),) = collector.collect()
    assert (container.id, container.service, values) == (container_id, "payments", {"container_oom_events_total": 1})
    ((_, values),) = collector.collect()
    assert values == {"container_oom_events_total": 1}
