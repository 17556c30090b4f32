"""`labctl setup`: what it answers when there is something to do, and when there is nothing."""

import json

import pytest
import typer
from typer.testing import CliRunner

from labctl.base.errors import EngineError
from labctl.cli.commands.setup import setup
from labctl.docker import engine
from labctl.docker.docker import Docker
from labctl.docker.engine import Engine
from labctl.images import base_image, images
from labctl.images.images import BuildState, Images


class Machine:
    """A machine with an engine; what is missing and what its registry has can be set."""

    def __init__(self) -> None:
        self.changes: tuple[str, ...] = ()
        self.missing: list[str] = []
        self.grafana = False
        self.registry = False
        self.pulls: list[str] = []

    def pull(self, docker: Docker, image: str) -> bool:
        self.pulls.append(image)
        return self.registry


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    one = Machine()

    def ensure_images(these: Images) -> list[str]:
        for name in one.missing:
            these.progress(name, BuildState.BUILDING, 0.0)
            these.progress(name, BuildState.BUILT, 2.5)
        return one.missing

    monkeypatch.setattr(engine, "ensure", lambda *_: Engine("20.10.24", "docker-compose 1.29.2", one.changes))
    monkeypatch.setattr(Images, "ensure", ensure_images)
    monkeypatch.setattr(Docker, "image_id", lambda *_: "sha256:1" if one.grafana else None)
    monkeypatch.setattr(base_image, "pull", one.pull)
    return one


def run(*args: str) -> tuple[str, str]:
    app = typer.Typer()
    app.command()(setup)
    result = CliRunner().invoke(app, args, catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout, result.stderr


def test_a_machine_that_has_everything(machine: Machine) -> None:
    machine.grafana = True
    out, _ = run()
    assert "Docker 20.10.24, docker-compose 1.29.2." in out
    assert "Images: all here." in out
    assert "Grafana" not in out
    assert machine.pulls == []


def test_a_machine_that_had_nothing(machine: Machine) -> None:
    machine.changes, machine.missing, machine.registry = ("installed docker.io",), ["base", "risk"], True
    out, err = run()
    assert "installed docker.io" in out
    assert "Images: 2 built." in out
    assert "base: built in 2.5 s" in err
    assert machine.pulls == [images.GRAFANA]
    assert "Grafana" not in out


def test_grafana_is_left_out_with_one_clear_line(machine: Machine) -> None:
    machine.missing = ["risk"]
    out, _ = run()
    assert f"Grafana: left out. To add it: docker pull {images.GRAFANA.split('@')[0]}, then labctl up (after" in out


def test_the_registry_is_not_asked_again_every_time(machine: Machine) -> None:
    run()
    assert machine.pulls == []


def test_json(machine: Machine) -> None:
    machine.missing = ["risk"]
    out, _ = run("--json")
    assert json.loads(out) == {
        "schema": "labctl.setup/1",
        "docker": "20.10.24",
        "compose": "docker-compose 1.29.2",
        "changes": [],
        "built": ["risk"],
        "grafana": False,
    }


def test_an_engine_that_cannot_be_had_is_the_users_error(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> Engine:
        raise EngineError("Docker is not installed", todo="install it")

    monkeypatch.setattr(engine, "ensure", refuse)
    with pytest.raises(EngineError, match="Docker is not installed"):
        run()
