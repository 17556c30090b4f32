"""Docker against a stand-in daemon and a stand-in docker on PATH: what is asked, what is typed, what comes back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from labctl.base.errors import EngineError
from labctl.docker.docker import Container, Docker, invoke
from tests.support.fake_daemon import FakeDaemon

Make = Callable[[str, str], Any]


def test_containers_come_back_typed_and_oldest_first(fake_daemon: FakeDaemon) -> None:
    for name, state in (("a1", "exited"), ("b2", "running")):
        fake_daemon.containers[name] = Container(name, f"p_risk_{name}", "p", "risk", "labctl/risk:1", state)
    fake_daemon.containers["c3"] = Container("c3", "p_gateway_1", "p", "gateway", "labctl/gateway:1", "running")
    fake_daemon.containers["d4"] = Container("d4", "q_risk_1", "q", "risk", "labctl/risk:1", "running")
    found = Docker().containers("p", "risk")
    assert [c.id for c in found] == ["a1", "b2"]
    assert found[1] == Container("b2", "p_risk_b2", "p", "risk", "labctl/risk:1", "running")
    assert [c.running for c in found] == [False, True]
    assert [c.id for c in Docker().containers("p")] == ["a1", "b2", "c3"]
    assert Docker().projects() == {"p", "q"}


def test_no_containers_is_an_empty_list(fake_daemon: FakeDaemon) -> None:
    assert Docker().containers("p") == []
    assert Docker().projects() == set()


def test_what_has_a_label_is_found_by_it(fake_daemon: FakeDaemon) -> None:
    fake_daemon.helpers.update({"h1": "labctl.helper=p", "h2": "labctl.helper=q"})
    fake_daemon.networks.update({"n1": "x=p", "n2": "x=q"})
    docker = Docker()
    assert docker.volumes("x=p") == []
    fake_daemon.volumes.update({"v1": "x=p"})
    assert (docker.ids("labctl.helper=p"), sorted(docker.ids("labctl.helper"))) == (["h1"], ["h1", "h2"])
    assert (docker.networks("x=p"), docker.volumes("x=p")) == (["n1"], ["v1"])


def test_subnets_are_those_of_all_networks_ipv4_alone(fake_daemon: FakeDaemon) -> None:
    fake_daemon.networks.update({"n1": "x=p"})
    fake_daemon.subnets.update({"n1": "10.213.4.0/26", "n2": "172.17.0.0/16", "n3": "fd00::/64"})
    assert sorted(map(str, Docker().subnets())) == ["10.213.4.0/26", "172.17.0.0/16"]


def test_images_by_their_tags(fake_daemon: FakeDaemon) -> None:
    here = {"labctl/risk:1": "sha256:1", "labctl/risk:abc": "sha256:1", "labctl/redis:8": "sha256:2"}
    fake_daemon.images = lambda: {**here, "debian:trixie": "sha256:3"}
    assert Docker().images("labctl/*") == here


def test_images_that_a_container_of_any_lab_uses(fake_daemon: FakeDaemon) -> None:
    fake_daemon.containers["a1"] = Container("a1", "p_risk_1", "p", "risk", "labctl/risk:1", "exited")
    fake_daemon.containers["b2"] = Container("b2", "q_risk_1", "q", "risk", "labctl/risk:2", "running")
    assert {"labctl/risk:1", "labctl/risk:2"} <= Docker().images_in_use()


def test_images_are_removed_at_once_and_those_in_use_are_named(fake_program: Make, fake_daemon: FakeDaemon) -> None:
    docker = fake_program("docker", "echo 'conflict: unable to remove' >&2; exit 1")
    fake_daemon.images = lambda: {"labctl/risk:2": "sha256:2"}
    assert Docker().remove_images("labctl/risk:1", "labctl/risk:2") == ["labctl/risk:2"]
    assert docker.calls == ["rmi labctl/risk:1 labctl/risk:2"]
    assert Docker().remove_images() == []
    assert len(docker.calls) == 1


def test_what_the_daemon_says_of_itself(fake_daemon: FakeDaemon) -> None:
    assert Docker().server_version() == "20.10.24"
    assert Docker().data_folder() == Path("/var/lib/docker")


def test_a_question_starts_no_program(fake_program: Make, fake_daemon: FakeDaemon) -> None:
    docker = fake_program("docker", "exit 1")
    Docker().containers("p")
    assert docker.calls == []


def test_nothing_to_inspect_stop_or_remove_calls_nothing(fake_program: Make) -> None:
    docker = fake_program("docker", "exit 1")
    client = Docker()
    assert client.inspect() == []
    client.stop()
    client.remove()
    assert docker.calls == []


def test_exec_passes_standard_input_and_the_user(fake_program: Make) -> None:
    docker = fake_program("docker", "cat")
    assert Docker().exec("c1", "psql", stdin="select 1", user="postgres") == "select 1"
    assert docker.calls == ["exec --interactive --user postgres c1 psql"]


def test_exec_without_input_reads_nothing(fake_program: Make) -> None:
    fake_program("docker", "cat")
    assert Docker().exec("c1", "cat") == ""


def test_logs_are_in_the_order_in_which_they_were_written(fake_daemon: FakeDaemon) -> None:
    fake_daemon.containers["c1"] = Container("c1", "p_risk_1", "p", "risk", "labctl/risk:1", "running")
    fake_daemon.written = [(1, "too old\n"), (1, "out\n"), (2, "err\n"), (1, "\u2026\n")]
    assert Docker().logs("c1", tail=3) == "out\nerr\n\u2026\n"


def test_stop_gives_the_grace_period(fake_program: Make) -> None:
    docker = fake_program("docker", "exit 0")
    Docker().stop("a", "b", grace=7)
    Docker().remove("a")
    assert docker.calls == ["stop -t 7 a b", "rm --force --volumes a"]


def test_the_id_of_an_image(fake_daemon: FakeDaemon) -> None:
    fake_daemon.images = lambda: {"labctl/risk:1.9.2": "sha256:1", "grafana/grafana:1@sha256:2": "sha256:3"}
    assert Docker().image_id("labctl/risk:1.9.2") == "sha256:1"
    assert Docker().image_id("grafana/grafana:1@sha256:2") == "sha256:3"


def test_an_image_that_is_not_here_has_no_id(fake_daemon: FakeDaemon) -> None:
    assert Docker().image_id("x") is None


def test_a_daemon_that_does_not_answer_is_not_a_missing_image() -> None:
    with pytest.raises(EngineError, match="does not answer"):
        Docker().image_id("x")


def test_a_failure_carries_dockers_own_message(fake_daemon: FakeDaemon) -> None:
    with pytest.raises(EngineError, match="docker inspect failed: No such container: zz"):
        Docker().inspect("zz")


def test_attempt_leaves_the_judgement_to_the_caller(fake_program: Make) -> None:
    fake_program("docker", "echo no >&2; exit 3")
    done = Docker().attempt("pull", "x")
    assert (done.returncode, done.stderr) == (3, "no\n")


def test_a_missing_docker_names_the_command_that_installs_it() -> None:
    with pytest.raises(EngineError, match="docker-nowhere can't be run") as caught:
        Docker(binary="/nowhere/docker-nowhere").run("ps")
    assert "labctl setup" in caught.value.todo


def test_an_answer_that_does_not_come_is_bounded(fake_program: Make) -> None:
    fake_program("docker", "exec sleep 30")
    with pytest.raises(EngineError, match="'docker pull x' did not answer within 0 s"):
        Docker().run("pull", "x", timeout=0.05)


def test_bytes_that_are_not_text_are_readable() -> None:
    assert invoke(["printf", r"\377ok"]).stdout == "\ufffdok"


def test_the_clients_environment_is_added(fake_program: Make) -> None:
    fake_program("docker", 'printf "%s" "$DOCKER_BUILDKIT"')
    assert Docker(env={"DOCKER_BUILDKIT": "0"}).run("build") == "0"
