"""The stack against an engine in memory: the order of things, and what is left when something fails."""

import json
from pathlib import Path

import pytest

from labctl.base.errors import EngineError, HostError, NotFoundError, WaitTimeoutError
from labctl.docker import compose, readiness
from labctl.docker.docker import PROJECT_LABEL, Container
from labctl.docker.redis_server import RedisServer
from labctl.images import images
from labctl.lab import cpu_share, own_network
from labctl.lab import stack as stack_module
from labctl.lab.stack import Stack
from labctl.state.settings import GRAFANA, OFF, read_lab_env, write_lab_env
from tests.support.fake_daemon import FakeDaemon
from tests.support.fake_engine import FakeCompose, FakeDocker
from tests.support.fake_host import FakeHost

SERVICES = ("postgres", "risk", "ledger", "gateway", "clients")


@pytest.fixture
def docker(fake_daemon: FakeDaemon) -> FakeDocker:
    return FakeDocker(daemon=fake_daemon)


@pytest.fixture
def program(docker: FakeDocker, monkeypatch: pytest.MonkeyPatch) -> FakeCompose:
    fake = FakeCompose(docker, SERVICES)
    monkeypatch.setattr(compose, "preferred", lambda _: fake)
    monkeypatch.setattr(readiness, "SETTLED_AFTER", 0.0)
    return fake


@pytest.fixture
def stack(docker: FakeDocker, program: FakeCompose, tmp_path: Path) -> Stack:
    lab_dir = tmp_path / "labs" / "one"
    lab_dir.mkdir(parents=True)
    (lab_dir / "lab.env").write_text("GATEWAY_PORT=20000\nRISK_VERSION=1.10.0\n")
    return Stack("labctl-one", lab_dir, docker=docker)


def known_to_containers(stack: Stack) -> list[dict[str, str]]:
    document = json.loads((stack.lab_dir / "run" / "containers.json").read_text())
    assert document["project"] == stack.project
    listed: list[dict[str, str]] = document["containers"]
    return listed


def fails_to_get_ready(stack: Stack, service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the next container of the service fail, at once."""

    def refuse(docker: object, container: Container, timeout: float = 0) -> None:
        raise WaitTimeoutError(f"{container.service} getting ready did not happen")

    monkeypatch.setattr(readiness, "wait_for", refuse)


def test_what_is_not_ours_is_not_measured_as_ours(stack: Stack, docker: FakeDocker) -> None:
    docker.add(stack.project, "acquirer")
    stack.up()
    assert "acquirer" in {each.service for each in stack.ps()}
    assert "acquirer" not in {each["service"] for each in known_to_containers(stack)}


def test_redis_takes_its_settings_over_and_stays(
    stack: Stack, program: FakeCompose, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = FakeHost()
    monkeypatch.setattr(Stack, "redis", lambda _: RedisServer(host, "id"))
    (stack.lab_dir / "config").mkdir()
    (stack.lab_dir / "config" / "redis.env").write_text("MAXMEMORY=1mb\n")
    stack.rollout("redis")
    assert host.state.redis == {"maxmemory": "1mb"}
    assert program.calls == []


def test_up_creates_everything_and_waits_for_the_gateway(stack: Stack, docker: FakeDocker) -> None:
    stack.up()
    assert all(each.running for each in stack.ps())
    assert docker.events[-1] == "ask gateway"
    assert {each.service for each in stack.ps()} == set(SERVICES)


def test_what_is_waited_for_has_its_turn_first_and_the_load_last(
    stack: Stack, docker: FakeDocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stack_module, "STARTERS", 1)
    stack.up()
    started = [event.removeprefix("start ") for event in docker.events if event.startswith("start ")]
    assert set(started[:3]) == {"postgres", "risk", "gateway"}
    assert started[3:] == ["ledger", "clients"]


def test_up_says_what_it_does(stack: Stack) -> None:
    said: list[str] = []
    stack.up(said.append)
    assert said == ["creating containers", "starting containers", "waiting for the gateway", "serving"]


def test_a_second_up_starts_nothing(stack: Stack, docker: FakeDocker) -> None:
    stack.up()
    before = len(docker.events)
    stack.up()
    assert docker.events[before:] == ["ask gateway"]


def test_up_starts_what_has_stopped(stack: Stack, docker: FakeDocker) -> None:
    stack.up()
    risk = stack.container("risk")
    docker.known[risk.id] = Container(**{**vars(risk), "state": "exited"})
    stack.up()
    assert stack.container("risk").running


def test_up_ends_with_an_error_when_the_gateway_does_not_get_ready(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails_to_get_ready(stack, "gateway", monkeypatch)
    with pytest.raises(WaitTimeoutError, match="gateway getting ready"):
        stack.up()


def test_a_gateway_that_does_not_stay_up_is_reported_with_its_last_words(stack: Stack, docker: FakeDocker) -> None:
    docker.dying.add("gateway")
    with pytest.raises(EngineError, match="gateway does not stay up") as caught:
        stack.up()
    assert "the last words of gateway" in caught.value.expected


def test_the_compose_files_variables(stack: Stack, program: FakeCompose) -> None:
    stack.up()
    assert program.env["GATEWAY_PORT"] == "20000"
    assert program.env["LAB_DIR"] == str(stack.lab_dir)
    assert program.env["GATEWAY_VERSION"] == images.Images(stack.bundle).versions()["gateway"]
    assert program.env["GATEWAY_TAG"] == images.Images(stack.bundle).tags()["gateway"]
    assert program.env["RISK_VERSION"] == "1.10.0", "the lab's own version goes before the source's"
    assert program.env["RISK_TAG"] == "1.10.0", "an older labctl named the image by the version"


def test_the_image_of_a_release_goes_before_the_shipped_one(stack: Stack, program: FakeCompose) -> None:
    (stack.lab_dir / "lab.env").write_text("RISK_VERSION=1.9.3\nRISK_TAG=0123456789ab\n")
    stack.up()
    assert (program.env["RISK_VERSION"], program.env["RISK_TAG"]) == ("1.9.3", "0123456789ab")


@pytest.mark.parametrize(
    ("here", "files"),
    [(set(), ["lab.yml", "ports.yml"]), ({images.GRAFANA}, ["lab.yml", "ports.yml", "grafana.yml"])],
)
def test_grafana_is_part_of_the_lab_where_its_image_is(
    stack: Stack, docker: FakeDocker, program: FakeCompose, here: set[str], files: list[str]
) -> None:
    docker.daemon.images = lambda: dict.fromkeys(here, "sha256:1")
    stack.up()
    assert program.files == [files]


def test_a_lab_may_do_without_grafana(stack: Stack, docker: FakeDocker, program: FakeCompose) -> None:
    docker.daemon.images = lambda: {images.GRAFANA: "sha256:1"}
    write_lab_env(stack.lab_dir, {**read_lab_env(stack.lab_dir), GRAFANA: OFF})
    stack.up()
    assert program.files == [["lab.yml", "ports.yml"]]


def test_a_lab_has_its_own_subnet_in_every_step(stack: Stack, program: FakeCompose) -> None:
    own_network.write(stack.lab_dir, "10.213.0.0/26")
    stack.up()
    stack.rollout("risk")
    assert all(files[-1] == own_network.FILE_NAME for files in program.files)


def test_containers_learns_which_containers_are_the_labs(stack: Stack) -> None:
    stack.up()
    assert known_to_containers(stack) == [{"id": each.id, "service": each.service} for each in stack.ps()]


def test_others_may_read_the_list_of_containers_and_nothing_else(stack: Stack) -> None:
    stack.up()
    folder = stack.lab_dir / "run"
    assert folder.stat().st_mode & 0o777 == 0o755
    assert (folder / "containers.json").stat().st_mode & 0o777 == 0o644
    assert [each.name for each in folder.iterdir()] == ["containers.json"]


def test_down_removes_containers_network_and_volumes(stack: Stack, docker: FakeDocker) -> None:
    stack.up()
    mine, others = (f"{PROJECT_LABEL}={project}" for project in (stack.project, "labctl-two"))
    docker.daemon.networks.update({"n1": mine, "n2": others})
    docker.daemon.volumes.update({"v1": mine, "v2": others, "v3": mine})
    docker.events.clear()
    stack.down()
    assert stack.ps() == []
    assert docker.events[-2:] == ["network rm n1", "volume rm v1 v3"]


def test_down_needs_neither_files_nor_state(docker: FakeDocker, tmp_path: Path) -> None:
    docker.add("labctl-gone", "risk", "running")
    Stack("labctl-gone", tmp_path / "nowhere", bundle=tmp_path / "nothing", docker=docker).down()
    assert docker.known == {}


def test_down_leaves_other_labs_alone(stack: Stack, docker: FakeDocker) -> None:
    other = docker.add("labctl-two", "risk", "running")
    stack.up()
    stack.down()
    assert list(docker.known) == [other.id]


def test_a_rollout_starts_the_new_container_before_the_old_one_stops(stack: Stack, docker: FakeDocker) -> None:
    stack.up()
    old = stack.container("risk")
    docker.events.clear()
    stack.rollout("risk")
    assert docker.events == ["create risk", "start risk", "ask risk", "stop risk", "remove risk"]
    assert old.id not in docker.known
    assert len(stack.ps("risk")) == 1


def test_a_rollout_touches_no_other_service(stack: Stack, program: FakeCompose) -> None:
    stack.up()
    others = {each.id for each in stack.ps() if each.service != "risk"}
    stack.rollout("risk")
    assert {each.id for each in stack.ps() if each.service != "risk"} == others
    assert program.calls[-1] == ("up", "--detach", "--no-deps", "--no-recreate", "--scale", "risk=2", "risk")


def test_after_a_rollout_containers_knows_the_new_one(stack: Stack) -> None:
    stack.up()
    stack.rollout("risk")
    assert {"id": stack.container("risk").id, "service": "risk"} in known_to_containers(stack)
    assert len(known_to_containers(stack)) == len(SERVICES)


def test_a_new_container_that_does_not_get_ready_is_removed_and_the_old_one_stays(
    stack: Stack, docker: FakeDocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack.up()
    old = stack.container("risk")
    fails_to_get_ready(stack, "risk", monkeypatch)
    with pytest.raises(WaitTimeoutError):
        stack.rollout("risk")
    assert [each.id for each in stack.ps("risk")] == [old.id]
    assert "stop risk" not in docker.events
    assert {"id": old.id, "service": "risk"} in known_to_containers(stack)


def test_a_new_container_that_crashes_fails_the_rollout_at_once(stack: Stack, docker: FakeDocker) -> None:
    stack.up()
    old = stack.container("risk")
    docker.dying.add("risk")
    with pytest.raises(EngineError, match="risk does not stay up"):
        stack.rollout("risk")
    assert [each.id for each in stack.ps("risk")] == [old.id]


def test_what_compose_made_before_it_failed_is_removed(stack: Stack, program: FakeCompose) -> None:
    stack.up()
    old = stack.container("risk")
    program.refuses = True
    with pytest.raises(EngineError, match="no such image"):
        stack.rollout("risk")
    assert [each.id for each in stack.ps("risk")] == [old.id]


def test_a_disk_that_fills_during_a_rollout_leaves_one_container_and_no_stray_file(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack.up()
    old = stack.container("risk")
    files = sorted(stack.lab_dir.rglob("*"))

    def full(_path: Path, _text: str) -> None:
        raise HostError("cannot write containers.json: No space left on device")

    monkeypatch.setattr(stack_module, "write_shared", full)
    with pytest.raises(HostError, match="No space left"):
        stack.rollout("risk")
    assert [each.id for each in stack.ps("risk")] == [old.id]
    assert sorted(stack.lab_dir.rglob("*")) == files


def test_what_a_killed_rollout_left_goes_with_the_next_one(stack: Stack, docker: FakeDocker) -> None:
    stack.up()
    docker.add(stack.project, "risk", "running")
    stack.rollout("risk")
    assert len(stack.ps("risk")) == 1


def test_a_published_service_hands_its_port_over_through_a_stand_in(
    stack: Stack, docker: FakeDocker, program: FakeCompose
) -> None:
    stack.up()
    docker.events.clear()
    program.files.clear()
    stack.rollout("gateway")
    one = ["create gateway", "start gateway", "ask gateway", "stop gateway", "remove gateway"]
    assert docker.events == one + one
    assert program.files == [["lab.yml"], ["lab.yml", "ports.yml"]]
    assert len(stack.ps("gateway")) == 1


def test_a_share_of_the_cpu_is_laid_over_everything_else(stack: Stack, program: FakeCompose) -> None:
    stack.up()
    cpu_share.write(stack.lab_dir, stack.bundle / "compose" / "lab.yml", 0.5)
    stack.rollout("gateway")
    cpu_share.write(stack.lab_dir, stack.bundle / "compose" / "lab.yml", 1.0)
    stack.up()
    stand_in, whole = ["lab.yml", cpu_share.FILE_NAME], ["lab.yml", "ports.yml", cpu_share.FILE_NAME]
    assert program.files == [["lab.yml", "ports.yml"], stand_in, whole, ["lab.yml", "ports.yml"]]


@pytest.mark.parametrize("service", ["postgres", "clients"])
def test_what_cannot_run_twice_is_replaced_in_place(stack: Stack, docker: FakeDocker, service: str) -> None:
    stack.up()
    docker.events.clear()
    stack.rollout(service)
    assert docker.events[:3] == [f"remove {service}", f"create {service}", f"start {service}"]
    assert {"id": stack.container(service).id, "service": service} in known_to_containers(stack)


def test_the_logs_of_a_service(stack: Stack) -> None:
    stack.up()
    assert stack.logs("risk") == "the last words of risk\n"


def test_the_newest_container_speaks_for_its_service(stack: Stack, docker: FakeDocker) -> None:
    stack.up()
    newer = docker.add(stack.project, "risk", "running")
    assert stack.container("risk").id == newer.id


def test_a_service_that_is_not_there_is_an_error_with_the_nearest(stack: Stack) -> None:
    stack.up()
    with pytest.raises(NotFoundError, match="no container of service named 'rsk'") as caught:
        stack.container("rsk")
    assert caught.value.near == "risk"
