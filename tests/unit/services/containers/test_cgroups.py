from __future__ import annotations

from typing import Any

import pytest

from services.containers.cgroups import Version1, Version2, detect, processes

EXPECTED = {
    "container_cpu_usage_seconds_total": 12.5,
    "container_cpu_cfs_periods_total": 100,
    "container_cpu_cfs_throttled_periods_total": 7,
    "container_cpu_cfs_throttled_seconds_total": 2.5,
    "container_spec_cpu_quota": 50000,
    "container_spec_cpu_period": 100000,
    "container_memory_usage_bytes": 5000,
    "container_memory_working_set_bytes": 3800,
    "container_memory_rss": 3000,
    "container_spec_memory_limit_bytes": 67108864,
    "container_oom_events_total": 2,
}


def test_both_versions_say_the_same(host: Any, container_id: str) -> None:
    host.version_1()
    first = detect(host.cgroup)
    assert isinstance(first, Version1)
    assert first.values(container_id) == EXPECTED
    host.version_2()
    second = detect(host.cgroup)
    assert isinstance(second, Version2)
    assert second.values(container_id) == EXPECTED


def test_no_limits_in_version_1(host: Any, container_id: str) -> None:
    host.version_1({"cpu/cpu.cfs_quota_us": "-1\n", "memory/memory.limit_in_bytes": "9223372036854771712\n"})
    values = Version1(host.cgroup).values(container_id)
    assert "container_spec_cpu_quota" not in values
    assert values["container_spec_memory_limit_bytes"] == 0


def test_no_limits_in_version_2(host: Any, container_id: str) -> None:
    host.version_2({"cpu.max": "max 100000\n", "memory.max": "max\n"})
    values = Version2(host.cgroup).values(container_id)
    assert "container_spec_cpu_quota" not in values
    assert values["container_spec_memory_limit_bytes"] == 0


def test_page_cache_larger_than_use_is_no_negative_working_set(host: Any, container_id: str) -> None:
    host.version_2({"memory.current": "1000\n"})
    assert Version2(host.cgroup).values(container_id)["container_memory_working_set_bytes"] == 0


def test_controllers_that_share_a_hierarchy(host: Any, container_id: str) -> None:
    host.version_1()
    shared = host.cgroup / "cpu,cpuacct"
    (host.cgroup / "cpu").rename(shared)
    group = shared / "docker" / container_id
    (group / "cpuacct.usage").write_text("12500000000\n")
    (host.cgroup / "cpuacct").rename(host.cgroup / "old")
    (host.cgroup / "cpu").symlink_to("cpu,cpuacct")
    (host.cgroup / "cpuacct").symlink_to("cpu,cpuacct")
    assert Version1(host.cgroup).values(container_id) == EXPECTED


def test_a_controller_that_is_not_mounted_lacks_its_own_figures_only(host: Any, container_id: str) -> None:
    host.version_1()
    (host.cgroup / "cpuacct").rename(host.cgroup / "old")
    values = Version1(host.cgroup).values(container_id)
    assert set(EXPECTED) - set(values) == {"container_cpu_usage_seconds_total"}


@pytest.mark.parametrize("version", [Version1, Version2])
def test_a_container_that_is_gone(host: Any, container_id: str, version: type[Version1 | Version2]) -> None:
    cgroups = version(host.cgroup)
    assert cgroups.directory(container_id) is None
    assert cgroups.values(container_id) == {}


def test_processes_of_the_group_or_of_those_below(host: Any, container_id: str) -> None:
    group = host.version_2()
    assert processes(str(group)) == [11, 12]
    (group / "cgroup.procs").write_text("")
    for name, pids in (("init.scope", "21\n"), ("app.slice", "22\n23\n")):
        (group / name).mkdir()
        (group / name / "cgroup.procs").write_text(pids)
    assert sorted(processes(str(group))) == [21, 22, 23]
