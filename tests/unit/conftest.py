"""Every unit test has a state directory of its own: none can touch the labs of whoever runs it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from labctl.operate import background

# A busy machine is no failure: neither a deadline for an example nor for drawing one.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


@pytest.fixture(autouse=True)
def state_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "state"
    monkeypatch.setenv("LABCTL_STATE_DIR", str(folder))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("LABCTL_NAME", "LABCTL_REMOTE", "LABCTL_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture(autouse=True)
def no_docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test asks the Docker of whoever runs it: a test that needs one brings a FakeDaemon."""
    for name in ("DOCKER_CONTEXT", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "docker-config"))
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/no-daemon")


@pytest.fixture(autouse=True)
def no_director(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """No test leaves a process behind: the labs are noted whose director would have been started.

    Of another process, its kind stands beside the lab: "lab room".
    """
    started: list[str] = []

    def start(name: str, kind: background.Kind = background.DIRECTOR) -> None:
        started.append(name if kind is background.DIRECTOR else f"{name} {kind.name}")

    monkeypatch.setattr(background, "start", start)
    return started


@pytest.fixture(autouse=True)
def no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the terminal that the tests were started from decides how wide or how coloured an answer is."""
    for name in ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
