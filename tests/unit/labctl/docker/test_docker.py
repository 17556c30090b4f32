"""The docker wrapper against a stand-in docker on PATH: what it parses, and what it makes of a refusal."""

from collections.abc import Callable
from typing import Any

import pytest

from labctl.base.errors import EngineError, HostError
from labctl.docker.docker import Container, Docker, invoke, refusal

Make = Callable[[str, str], Any]


def test_containers_come_back_typed_and_oldest_first(fake_program: Make) -> None:
    docker = fake_program(
        "docker",
        r"printf 'b2\tp_risk_2\tp\trisk\tlabctl/risk:1\trunning\na1\tp_risk_1\tp\trisk\tlabctl/risk:1\texited\n'",
    )
    found = Docker().containers("p", "risk")
    assert [c.id for c in found] == ["a1", "b2"]
    assert found[1] == Container("b2", "p_risk_2", "p", "risk", "labctl/risk:1", "running")
    assert [c.running for c in found] == [False, True]
    assert "label=com.docker.compose.project=p" in docker.calls[0]
    assert "label=com.docker.compose.service=risk" in docker.calls[0]


def test_no_containers_is_an_empty_list(fake_program: Make) -> None:
    fake_program("docker", "exit 0")
    assert Docker().containers("p") == []


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


def test_logs_join_both_streams(fake_program: Make) -> None:
    fake_program("docker", "echo out; echo err >&2")
    assert Docker().logs("c1", tail=3) == "out\nerr\n"


def test_stop_gives_the_grace_period(fake_program: Make) -> None:
    docker = fake_program("docker", "exit 0")
    Docker().stop("a", "b", grace=7)
    Docker().remove("a")
    assert docker.calls == ["stop -t 7 a b", "rm --force --volumes a"]


def test_the_id_of_an_image(fake_program: Make) -> None:
    fake_program("docker", "echo sha256:1")
    assert Docker().image_id("labctl/risk:1.9.2") == "sha256:1"


def test_an_image_that_is_not_here_has_no_id(fake_program: Make) -> None:
    fake_program("docker", "echo 'Error: No such image: x' >&2; exit 1")
    assert Docker().image_id("x") is None


def test_a_daemon_that_does_not_answer_is_not_a_missing_image(fake_program: Make) -> None:
    fake_program("docker", "echo 'Cannot connect to the Docker daemon' >&2; exit 1")
    with pytest.raises(EngineError, match="does not answer"):
        Docker().image_id("x")


def test_a_failure_carries_dockers_own_message(fake_program: Make) -> None:
    fake_program("docker", "echo 'Error: No such container: zz' >&2; exit 1")
    with pytest.raises(EngineError, match="docker inspect failed: Error: No such container: zz"):
        Docker().inspect("zz")


def test_attempt_leaves_the_judgement_to_the_caller(fake_program: Make) -> None:
    fake_program("docker", "echo no >&2; exit 3")
    done = Docker().attempt("pull", "x")
    assert (done.returncode, done.stderr) == (3, "no\n")


@pytest.mark.parametrize(
    ("message", "what", "todo"),
    [
        ("Cannot connect to the Docker daemon at unix:///var/run/docker.sock.", "does not answer", "labctl setup"),
        ("permission denied while trying to connect to the Docker daemon socket", "may not talk", "usermod -aG docker"),
        ("write /x: no space left on device", "is full", "free some space"),
        ("Bind for 127.0.0.1:80 failed: port is already allocated", "is taken", "labctl up again"),
        ("could not find an available, non-overlapping IPv4 address pool", "no address range", "network prune"),
    ],
)
def test_known_refusals_say_what_to_do(message: str, what: str, todo: str) -> None:
    error = refusal("docker run", message)
    assert what in error.what
    assert todo in error.todo
    assert message in error.expected


def test_a_full_disk_is_the_hosts_error() -> None:
    assert isinstance(refusal("docker-compose up", "failed to mount: no space left on device"), HostError)
    assert isinstance(refusal("docker-compose up", "no such image"), EngineError)


def test_a_refusal_without_a_word_says_so() -> None:
    assert refusal("docker run", " \n").what == "docker run failed: no message"


def test_a_long_message_keeps_its_end() -> None:
    assert refusal("docker build", "\n".join(f"line {n}" for n in range(50))).what.endswith("line 48\nline 49")


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
