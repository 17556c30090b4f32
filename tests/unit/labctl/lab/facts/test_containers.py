from copy import deepcopy
from typing import Any

import pytest

from labctl.lab.facts.containers import facts, processes
from labctl.lab.fingerprint import differences

RISK: dict[str, Any] = {
    "Id": "abcdef123456789",
    "Name": "/lab_risk_1",
    "Created": "2026-01-01T00:00:00Z",
    "Image": "sha256:1",
    "State": {"Status": "running", "Pid": 7, "StartedAt": "2026-01-01T00:00:00Z"},
    "Config": {
        "Image": "labctl/risk:1.0.0",
        "Env": ["DB_POOL_MAX=3", "URL=postgresql://risk:secret@postgres"],
        "Labels": {
            "com.docker.compose.service": "risk",
            "com.docker.compose.container-number": "1",
            "com.docker.compose.config-hash": "c0ffee",
        },
        "Cmd": ["gunicorn"],
        "User": "10001:10001",
    },
    "HostConfig": {
        **{"Memory": 10, "NanoCpus": 0, "CpuQuota": 100_000, "CpuPeriod": 100_000},
        **{"Ulimits": None, "Devices": []},
    },
    "Mounts": [{"Destination": "/data", "Source": "/var/data", "Mode": "rw", "RW": True}],
    "NetworkSettings": {"Networks": {"lab_default": {"Aliases": ["risk", "abcdef123456"], "IPAddress": "172.0.0.2"}}},
}


def changed(*path: str, to: object) -> dict[str, Any]:
    other = deepcopy(RISK)
    inner = other
    for each in path[:-1]:
        inner = inner[each]
    inner[path[-1]] = to
    return other


@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("Image",), "sha256:2"),
        (("State", "Status"), "paused"),
        (("Config", "Env"), ["DB_POOL_MAX=2", "URL=postgresql://risk:secret@postgres"]),
        (("Config", "Env"), ["DB_POOL_MAX=3"]),
        (("Config", "Labels", "extra"), "1"),
        (("Config", "Cmd"), ["python"]),
        (("HostConfig", "Memory"), 20),
        (("HostConfig", "CpuQuota"), 5000),
        (("HostConfig", "CpuPeriod"), 1_000_000),
        (("HostConfig", "Ulimits"), [{"Name": "nofile", "Soft": 10, "Hard": 10}]),
        (("HostConfig", "RestartPolicy"), {"Name": "no"}),
        (("Mounts",), []),
        (("NetworkSettings", "Networks"), {}),
        (("NetworkSettings", "Networks", "lab_default", "Aliases"), ["risk", "other"]),
    ],
)
def test_what_a_fault_may_change_differs(path: tuple[str, ...], to: object) -> None:
    assert differences(facts([RISK]), facts([changed(*path, to=to)]))


def test_another_container_of_the_same_making_is_no_difference() -> None:
    rolled_out = changed("Config", "Labels", "com.docker.compose.container-number", to="2")
    rolled_out |= {"Id": "fedcba987654321", "Name": "/lab_risk_2", "Created": "2026-02-02T00:00:00Z"}
    rolled_out["State"] = {"Status": "running", "Pid": 9, "StartedAt": "2026-02-02T00:00:00Z"}
    rolled_out["HostConfig"] |= {"Ulimits": [], "NanoCpus": None}
    network = rolled_out["NetworkSettings"]["Networks"]["lab_default"]
    network |= {"Aliases": ["fedcba987654", "lab_risk_2", "risk"], "IPAddress": "172.0.0.3"}
    assert facts([rolled_out]) == facts([RISK])


def test_one_container_too_many_differs() -> None:
    second = {**deepcopy(RISK), "Created": "2026-02-02T00:00:00Z"}
    assert "risk: containers was 1 and is 2" in differences(facts([RISK]), facts([second, RISK]))


def test_no_value_of_an_environment_is_kept() -> None:
    assert not any("secret" in value for value in facts([RISK]).values())


def test_the_first_process_of_what_runs() -> None:
    assert processes([RISK]) == {"risk": 7}
    assert processes([changed("State", "Pid", to=0)]) == {}
