"""Which compose is found, and what is made of its answers."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from labctl.base.errors import EngineError
from labctl.docker import compose
from labctl.docker.compose import Compose, find, preferred, require
from labctl.docker.docker import Docker

Make = Callable[[str, str], Any]
NO_PLUGIN = "echo \"docker: 'compose' is not a docker command.\" >&2; exit 1"


def test_the_plugin_goes_first(fake_program: Make) -> None:
    fake_program("docker", '[ "$*" = "compose version --short" ] && echo 2.26.1-4')
    standalone = fake_program("docker-compose", "echo 1.29.2")
    assert find(Docker()) == Compose(("docker", "compose"), "2.26.1-4")
    assert standalone.calls == []


def test_the_standalone_program_does_as_well(fake_program: Make) -> None:
    fake_program("docker", NO_PLUGIN)
    fake_program("docker-compose", "echo 1.29.2")
    assert require(Docker()) == Compose(("docker-compose",), "1.29.2")


def test_a_leading_v_is_no_obstacle(fake_program: Make) -> None:
    fake_program("docker", "echo v2.40.0")
    assert find(Docker()) == Compose(("docker", "compose"), "v2.40.0")


@pytest.mark.parametrize("version", ["1.28.6", "1.9", "", "unknown"])
def test_one_that_is_too_old_is_not_taken(fake_program: Make, version: str) -> None:
    fake_program("docker", NO_PLUGIN)
    fake_program("docker-compose", f"echo '{version}'")
    assert find(Docker()) is None
    with pytest.raises(EngineError, match=r"1\.29 or later") as caught:
        require(Docker())
    assert "labctl setup" in caught.value.todo


def test_no_program_at_all(fake_program: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find(Docker()) is None


def test_one_that_does_not_answer_in_time_is_not_taken_for_missing(
    fake_program: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compose, "VERSION_TIMEOUT", 0.05)
    fake_program("docker", "exec sleep 5")
    with pytest.raises(EngineError, match="did not answer"):
        require(Docker())


def test_a_call_names_project_and_files_and_passes_variables(fake_program: Make) -> None:
    program = fake_program("docker-compose", 'printf "%s" "$GATEWAY_PORT $COMPOSE_IGNORE_ORPHANS"')
    done = Compose(("docker-compose",), "1.29.2").run(
        "labctl-one", [Path("/a.yml"), Path("/b.yml")], "up", "--detach", env={"GATEWAY_PORT": "20000"}
    )
    assert done == "20000 false"
    assert program.calls == ["--project-name labctl-one --file /a.yml --file /b.yml up --detach"]


def test_a_call_leaves_the_processors_to_the_labs(fake_program: Make) -> None:
    fake_program("docker-compose", "nice")
    nicest = 19  # these tests may run as nice as that themselves
    assert int(Compose(("docker-compose",), "1.29.2").run("p", [], "up", env={})) >= min(os.nice(0) + 1, nicest)


def test_a_failure_carries_composes_own_message(fake_program: Make) -> None:
    fake_program("docker-compose", "echo 'service \"risk\" refers to undefined network' >&2; exit 1")
    with pytest.raises(EngineError, match=r"docker-compose up failed: service .risk. refers to undefined network"):
        Compose(("docker-compose",), "1.29.2").run("p", [], "up", env={})


def test_the_standalone_program_is_asked_for_its_version_when_it_refuses(fake_program: Make) -> None:
    fake_program("docker", NO_PLUGIN)
    old = fake_program("docker-compose", '[ "$1" = version ] && echo 1.25.0 || exit 1')
    found = preferred(Docker())
    assert (found, old.calls) == (Compose(("docker-compose",), ""), [])
    with pytest.raises(EngineError, match=r"1\.29 or later"):
        found.run("p", [], "up", env={})


def test_the_plugin_goes_first_quickly_too(fake_program: Make) -> None:
    fake_program("docker", '[ "$*" = "compose version --short" ] && echo 2.26.1-4')
    assert preferred(Docker()) == Compose(("docker", "compose"), "2.26.1-4")


def test_without_either_quickly_too(fake_program: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineError, match=r"1\.29 or later"):
        preferred(Docker())


def test_a_taken_port_says_what_to_do(fake_program: Make) -> None:
    fake_program("docker-compose", "echo 'Bind for 127.0.0.1:20000 failed: port is already allocated' >&2; exit 1")
    with pytest.raises(EngineError, match="a port that the lab wants is taken") as caught:
        Compose(("docker-compose",), "1.29.2").run("p", [], "up", env={})
    assert "labctl up" in caught.value.todo
