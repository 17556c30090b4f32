from __future__ import annotations

import itertools
import stat
import time
from dataclasses import astuple, replace
from pathlib import Path
from typing import Any

import pytest

from labctl.actions import mitigate
from labctl.base.errors import EngineError, HostError, LabStateError, NotFoundError, SubnetTakenError
from labctl.health.steady_state import probes
from labctl.images.images import BuildState
from labctl.lab import cpu_share, freezing, own_network, undo
from labctl.lab import lab as lab_module
from labctl.lab.lab import Lab
from labctl.model.fault import Fault
from labctl.model.mitigation import Configure
from labctl.operate import guard, host, image_steps, injection, launch, pausing
from labctl.operate.host import GIB, Room
from labctl.operate.launch import Launch, bring_up
from labctl.operate.plan import LabOptions
from labctl.state import ports
from labctl.state.locking import locked
from labctl.state.settings import read_lab_env
from tests.support.catalogue import use_only
from tests.support.example_fault import breaking
from tests.support.fake_lab import FakeStack, frozen_in, make_container
from tests.support.fake_metrics import FakeMetrics, steady
from tests.support.killed_writes import killed_at

HEALTHY = (0.0, 0.0, 0.1, 0.92, 0.0, 0.0, 0.0, 0.0, 0.0)


class World:
    """The outside of `up`: the daemon, the images, the containers, Prometheus."""

    def __init__(self) -> None:
        self.stack = FakeStack()
        self.to_build: list[str] = []
        self.engine: Exception | None = None
        self.strays = 0
        self.room = Room(50 * GIB, 8 * GIB)
        self.rps = 20.0
        self.sick = False

    def docker(self) -> World:
        return self

    def data_folder(self) -> Path:
        if self.engine:
            raise self.engine
        return Path("/var/lib/docker")

    def containers(self, project: str) -> list[Any]:
        return [make_container("gateway", project)] * self.strays

    def images(self, _bundle: Path, progress: Any) -> World:
        self.progress = progress
        return self

    def ensure(self) -> list[str]:
        for name in self.to_build:
            self.progress(name, BuildState.BUILDING, 0.0)
            self.progress(name, BuildState.BUILT, 2.0)
        built, self.to_build = self.to_build, []
        return built

    def metrics(self, _url: str, _fog: object) -> FakeMetrics:
        values = (self.rps, *HEALTHY[1:])
        found = zip(probes(self.rps), values, strict=True)
        return FakeMetrics({} if self.sick else {probe.query: steady(value) for probe, value in found})


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = World()
    monkeypatch.setattr(launch, "Docker", made.docker)
    monkeypatch.setattr(image_steps, "Images", made.images)
    monkeypatch.setattr(host, "room", lambda *_folders: made.room)
    monkeypatch.setattr(lab_module, "Stack", lambda project, _folder: _named(made.stack, project))
    monkeypatch.setattr(lab_module, "MeasuringClient", made.metrics)
    return made


def _named(stack: FakeStack, project: str) -> FakeStack:
    stack.project = project
    return stack


def test_from_nothing_to_a_healthy_lab(world: World) -> None:
    up = bring_up("lab", LabOptions())
    lab = Lab.open("lab")
    assert up.touched
    assert len(up.readings) == len(HEALTHY) + 1, "the closest alert, too"
    assert world.stack.calls == ["up"]
    assert lab.record.status == "running"
    assert lab.store.operations.unfinished() == []
    assert lab.files.services()
    assert all((lab.folder / "config" / f"{each}.env").exists() for each in lab.files.services())


def test_a_new_lab_has_nothing_of_an_earlier_one_of_its_name(world: World) -> None:
    bring_up("lab", LabOptions())
    assert world.stack.emptied == 1
    world.stack.containers.pop()
    assert bring_up("lab", LabOptions()).touched
    assert world.stack.emptied == 1, "what a lab has written is its own"


def test_what_things_cost_is_measured_when_the_lab_is_steady_and_once(world: World) -> None:
    bring_up("lab", LabOptions())
    lab = Lab.open("lab")
    assert lab.speed == 1
    measured = len(world.stack.docker.scripts)
    world.rps = 5.0
    bring_up("lab", LabOptions(rps=5))
    assert len(world.stack.docker.scripts) == measured > 0


def test_another_share_of_the_cpu_is_applied_and_what_things_cost_measured_anew(world: World) -> None:
    bring_up("lab", LabOptions())
    lab = Lab.open("lab")
    world.stack.docker = replace(world.stack.docker, scan_ms=18.0)
    assert bring_up("lab", LabOptions(cpu_share=0.5)).touched
    assert (lab.record.cpu_share, lab.speed, lab.record.status) == (0.5, 0.5, "running")
    assert (lab.folder / cpu_share.FILE_NAME).exists()
    assert not bring_up("lab", LabOptions()).touched
    assert not bring_up("lab", LabOptions(cpu_share=0.5)).touched


def test_a_lab_that_cannot_be_measured_is_an_error_and_not_running(world: World) -> None:
    world.stack.docker.refuses.add("exec")
    with pytest.raises(EngineError):
        bring_up("lab", LabOptions())
    assert Lab.open("lab").record.status == "starting"


def test_state_is_private_and_lab_env_has_what_compose_needs(world: World) -> None:
    bring_up("lab", LabOptions(rps=20, seed=7, cpu_share=0.5))
    lab = Lab.open("lab")
    values = read_lab_env(lab.folder)
    assert (values["TARGET_RPS"], values["LOAD_SEED"], values["BIND_ADDRESS"]) == ("20", "7", "127.0.0.1")
    assert stat.S_IMODE(lab.folder.stat().st_mode) == 0o700
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in lab.folder.rglob("*") if path.is_file()}
    for shared in ("flags.json", "fog.json"):
        assert modes.pop(shared) == 0o644, "services read it as somebody else, and it is no secret"
    assert modes.pop("plan") == 0o644, "so do the clients and the processor; it is sealed"
    assert set(modes.values()) == {0o600}


def test_a_second_up_touches_nothing(world: World) -> None:
    first = bring_up("lab", LabOptions())
    again = bring_up("lab", LabOptions(rps=first.lab.rps))
    assert not again.touched
    assert again.readings
    assert world.stack.calls == ["up"]


def test_another_rate_is_applied_and_ports_and_passwords_are_kept(world: World) -> None:
    bring_up("lab", LabOptions())
    lab = Lab.open("lab")
    before, env = lab.record, read_lab_env(lab.folder)
    world.rps = 5.0
    assert bring_up("lab", LabOptions(rps=5)).touched
    assert lab.record.ports == before.ports
    assert lab.record.seed == before.seed
    assert read_lab_env(lab.folder) == {**env, "TARGET_RPS": "5"}


def stopped(world: World) -> None:
    world.stack.containers[0] = make_container("gateway", state="exited")


def missing(world: World) -> None:
    world.stack.containers.pop()


def outdated(world: World) -> None:
    world.to_build = ["risk"]


@pytest.mark.parametrize("damage", [stopped, missing, outdated])
def test_what_is_not_as_it_should_be_is_started_again(world: World, damage: Any) -> None:
    bring_up("lab", LabOptions())
    damage(world)
    assert bring_up("lab", LabOptions()).touched
    assert world.stack.calls == ["up", "up"]


def test_a_lab_that_is_not_healthy_is_started_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    bring_up("lab", LabOptions())
    checks = iter([True, False])
    normal = world.metrics

    def metrics(url: str, fog: object = None) -> FakeMetrics:
        world.sick = next(checks, False)
        return normal(url, fog)

    monkeypatch.setattr(lab_module, "MeasuringClient", metrics)
    monkeypatch.setattr(Lab, "metrics", property(lambda _self: metrics("")))
    monkeypatch.setattr(launch, "PATIENCE_S", 0.0)
    assert bring_up("lab", LabOptions()).touched


def test_what_is_built_is_told(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.to_build = ["base", "risk"]
    bring_up("lab", LabOptions())
    err = capsys.readouterr().err
    assert "risk: built in 2.0 s" in err
    assert "waiting for the steady state: done in" in err


def test_two_labs_share_no_port_and_no_password(world: World) -> None:
    bring_up("one", LabOptions())
    bring_up("two", LabOptions())
    one, two = Lab.open("one"), Lab.open("two")
    assert not set(astuple(one.record.ports)) & set(astuple(two.record.ports))
    secrets = [{v for k, v in read_lab_env(lab.folder).items() if "PASSWORD" in k} for lab in (one, two)]
    assert not secrets[0] & secrets[1]


@pytest.mark.parametrize("room", [Room(GIB, 8 * GIB), Room(50 * GIB, GIB // 2)])
def test_too_little_room_is_refused_before_anything_is_started(world: World, room: Room) -> None:
    world.room = room
    with pytest.raises(HostError):
        bring_up("lab", LabOptions())
    assert world.stack.calls == []
    assert not Lab("lab").store.exists


def test_a_healthy_lab_is_left_alone_even_when_room_got_short(world: World) -> None:
    bring_up("lab", LabOptions())
    world.room = Room(0, 0)
    assert not bring_up("lab", LabOptions()).touched


def test_docker_missing_or_stopped_is_told_before_anything_is_written(world: World) -> None:
    world.engine = EngineError("the Docker daemon does not answer", todo="type: labctl setup")
    with pytest.raises(EngineError, match="does not answer"):
        bring_up("lab", LabOptions())
    assert not Lab("lab").store.exists


def test_containers_without_state_are_not_adopted(world: World) -> None:
    world.strays = 3
    with pytest.raises(LabStateError, match="3 containers of a lab named 'lab'") as caught:
        bring_up("lab", LabOptions())
    assert "labctl down" in caught.value.todo
    assert world.stack.calls == []


def test_a_kept_port_that_was_taken_is_told_and_replaced(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_up("lab", LabOptions())
    lab = Lab.open("lab")
    kept = lab.record.ports
    world.stack.containers = []
    monkeypatch.setattr(ports, "is_free", lambda port, _address: port != kept.telemetry)
    bring_up("lab", LabOptions())
    assert f"port {kept.telemetry} (telemetry) is taken by another program" in capsys.readouterr().err
    assert lab.record.ports.telemetry != kept.telemetry
    assert lab.record.ports.gateway == kept.gateway


def test_the_ports_of_its_own_running_containers_are_not_lost(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_up("lab", LabOptions())
    kept = Lab.open("lab").record.ports
    taken = {kept.gateway, kept.prometheus}
    monkeypatch.setattr(ports, "is_free", lambda port, _address: port not in taken)
    world.to_build = ["risk"]
    bring_up("lab", LabOptions())
    assert Lab.open("lab").record.ports == kept
    assert "taken" not in capsys.readouterr().err


def test_an_interrupted_up_is_finished_by_the_next(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.stack.fails_with = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        bring_up("lab", LabOptions())
    lab = Lab.open("lab")
    assert lab.record.status == "starting"
    assert [each.what for each in lab.store.operations.unfinished()] == ["up"]
    world.stack.fails_with = None
    assert bring_up("lab", LabOptions()).touched
    assert "'labctl up'" in capsys.readouterr().err
    assert lab.store.operations.unfinished() == []
    assert lab.record.status == "running"


def test_a_compose_that_outlived_its_labctl_is_waited_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)
    bring_up("lab", LabOptions())
    Lab.open("lab").store.operations.begin("up")
    world.stack.fails_with, world.stack.fails_times = EngineError("the name is already in use"), 2
    assert bring_up("lab", LabOptions()).touched
    assert world.stack.calls == ["up"] * 4


def test_containers_that_cannot_be_started_are_an_error_and_the_lab_is_not_running(world: World) -> None:
    world.stack.fails_with = EngineError("no space left")
    with pytest.raises(EngineError):
        bring_up("lab", LabOptions())
    lab = Lab.open("lab")
    assert lab.record.status == "starting"
    assert lab.store.operations.unfinished() == []


def test_up_resumes_a_paused_lab_and_leaves_it_otherwise_alone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    done = frozen_in(monkeypatch)
    lab = bring_up("lab", LabOptions()).lab
    kept = lab.record
    pausing.pause(lab)
    again = bring_up("lab", LabOptions())
    assert (again.touched, bool(again.readings)) == (True, True)
    assert (world.stack.calls, done) == (["up"], ["freeze", "thaw"])
    assert lab.record == kept


def test_a_paused_lab_whose_containers_are_gone_is_started_anew(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    lab = bring_up("lab", LabOptions()).lab
    with monkeypatch.context() as now:
        frozen_in(now)
        pausing.pause(lab)
    world.stack.containers = []

    def thaw(_stack: FakeStack, _seconds: float) -> None:
        raise NotFoundError("container of service", "gateway", ())

    monkeypatch.setattr(freezing, "thaw", thaw)
    assert bring_up("lab", LabOptions()).touched
    assert (world.stack.calls, lab.record.status) == (["up", "up"], "running")


def test_a_lab_without_grafana_stays_without_until_it_is_asked_for(world: World) -> None:
    lab = bring_up("lab", LabOptions(grafana=False)).lab
    assert (lab.record.grafana, read_lab_env(lab.folder)["GRAFANA"]) == (False, "off")
    assert not bring_up("lab", LabOptions()).touched
    assert bring_up("lab", LabOptions(grafana=True)).touched
    assert lab.record.grafana
    assert "GRAFANA" not in read_lab_env(lab.folder)


def test_every_lab_has_a_subnet_of_its_own_and_compose_is_told(world: World) -> None:
    bring_up("one", LabOptions())
    bring_up("two", LabOptions())
    one, two = Lab.open("one").record.subnet, Lab.open("two").record.subnet
    assert one is not None
    assert one != two
    assert one in (Lab("one").folder / own_network.FILE_NAME).read_text()


def test_a_subnet_that_docker_refuses_is_replaced(world: World) -> None:
    world.stack.fails_with, world.stack.fails_times = SubnetTakenError("another network has it"), 2
    bring_up("lab", LabOptions())
    lab = Lab.open("lab")
    assert world.stack.calls == ["up"] * 3
    assert str(lab.record.subnet) in (lab.folder / own_network.FILE_NAME).read_text()


def test_a_docker_that_refuses_every_subnet_is_no_endless_loop(world: World) -> None:
    world.stack.fails_with = SubnetTakenError("another network has it")
    with pytest.raises(SubnetTakenError):
        bring_up("lab", LabOptions())
    assert world.stack.calls == ["up"] * launch.SUBNETS_TRIED


@pytest.fixture
def fault(monkeypatch: pytest.MonkeyPatch) -> Fault:
    made = breaking()
    use_only(monkeypatch, made)
    return made


def test_what_an_interrupted_break_injected_is_healed(world: World, fault: Fault) -> None:
    lab = bring_up("lab", LabOptions()).lab
    injection.inject(lab, fault)
    lab.store.operations.begin("break")
    assert bring_up("lab", LabOptions()).readings
    assert injection.injected(lab) == []
    assert lab.store.operations.unfinished() == []


MORE = Configure("payments", "DB_POOL_MAX", "16")


def pool(lab: Lab) -> str:
    return lab.configuration.settings("payments")["DB_POOL_MAX"]


def test_an_interrupted_mitigate_is_taken_back_alone_and_the_incident_goes_on(world: World, fault: Fault) -> None:
    lab = bring_up("lab", LabOptions()).lab
    before = pool(lab)
    injection.inject(lab, fault)
    lab.configuration.change("risk", "DB_POOL_MAX", "1", author="m.f", summary="Fewer")
    broken = lab.store.undo_log.entries()
    lab.store.operations.begin(guard.MITIGATE, {"after": lab.store.undo_log.last})
    lab.configuration.change("payments", "DB_POOL_MAX", "16", author="you", summary="More")
    assert bring_up("lab", LabOptions()).readings == ()
    assert injection.injected(lab) == [fault.id]
    assert (pool(lab), lab.store.undo_log.entries()) == (before, broken)
    assert lab.store.operations.unfinished() == []


def test_up_after_a_mitigate_that_was_killed_anywhere_has_all_of_it_or_nothing(
    world: World, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = bring_up("lab", LabOptions()).lab
    before = pool(lab)
    injection.inject(lab, fault)
    last = lab.store.undo_log.last
    for write in itertools.count(1):
        killed = killed_at(monkeypatch, write, lambda: mitigate.take("lab", MORE))
        ended = not lab.store.operations.unfinished()
        bring_up("lab", LabOptions())
        assert injection.injected(lab) == [fault.id]
        made = undo.since(lab, last)
        assert (pool(lab), len(made)) == (("16", 1) if ended and made else (before, 0))
        undo.take_back(lab, made)
        if not killed:
            break
    assert write > 5
    assert ended


def test_fog_that_up_is_given_during_an_incident_comes_when_it_is_healed(world: World, fault: Fault) -> None:
    lab = bring_up("lab", LabOptions()).lab
    injection.inject(lab, fault)
    lab.fog.change("hazy")
    assert bring_up("lab", LabOptions(fog="dense")).touched
    assert lab.fog.level == "hazy"
    assert not bring_up("lab", LabOptions(fog="dense")).touched
    injection.heal(lab)
    assert lab.fog.level == "dense"


def test_a_lab_broken_on_purpose_is_neither_touched_nor_waited_for(world: World, fault: Fault) -> None:
    lab = bring_up("lab", LabOptions()).lab
    injection.inject(lab, fault)
    world.sick = True
    up = bring_up("lab", LabOptions())
    assert (up.touched, up.readings) == (False, ())
    world.stack.containers = []
    up = bring_up("lab", LabOptions())
    assert (up.touched, up.readings) == (True, ())
    assert injection.injected(lab) == [fault.id]


def test_nothing_is_measured_while_an_incident_goes_on(world: World, fault: Fault) -> None:
    lab = bring_up("lab", LabOptions()).lab
    injection.inject(lab, fault)
    lab.store.save(replace(lab.record, calibration=None))
    world.stack.containers = []
    assert bring_up("lab", LabOptions()).touched
    assert lab.speed is None


def test_another_command_on_the_lab_is_not_disturbed(world: World) -> None:
    with locked("lab", "verify"), pytest.raises(LabStateError, match="'labctl verify'"):
        bring_up("lab", LabOptions())


def test_a_launch_knows_how_long_it_took(world: World) -> None:
    up = bring_up("lab", LabOptions())
    assert isinstance(up, Launch)
    assert 0 < up.seconds < 10


def test_fog_is_chosen_for_the_lab_and_nothing_restarts(world: World) -> None:
    bring_up("lab", LabOptions())
    up = bring_up("lab", LabOptions(fog="hazy"))
    assert (up.touched, up.lab.fog.level, world.stack.calls) == (True, "hazy", ["up"])
    assert not bring_up("lab", LabOptions()).touched
    assert up.lab.fog.level == "hazy"
    with pytest.raises(NotFoundError, match="level of fog"):
        bring_up("lab", LabOptions(fog="thick"))
