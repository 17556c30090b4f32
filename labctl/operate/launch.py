"""Bringing a lab up: a new one, or the missing parts of an existing one; a healthy lab is left alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from labctl.base import progress
from labctl.base.errors import EngineError, LabStateError, NotFoundError, SubnetTakenError, WaitTimeoutError
from labctl.base.private_files import make_private_dir
from labctl.base.waiting import wait_until
from labctl.docker.docker import Docker
from labctl.health import steady_state
from labctl.health.steady_state import Reading
from labctl.images import workshop
from labctl.lab import calibration
from labctl.lab.lab import Lab
from labctl.operate import guard, host, injection, pausing, plan, steps, subnet
from labctl.operate.image_steps import build_images
from labctl.operate.plan import LabOptions
from labctl.state import ports
from labctl.state.locking import choosing_ports, locked
from labctl.state.operations import MENDED, Operation
from labctl.state.store import LabRecord

SERVICES = "services"
PATIENCE_S = 5.0
LEFTOVER_S = 30.0
"""How long a compose may go on working after the labctl that started it was killed."""
SUBNETS_TRIED = 5
"""So many subnets that Docker refuses are no chance any more."""


AfterHealing = Callable[[Lab], None]


def _do_nothing(lab: Lab) -> None:
    del lab


@dataclass(frozen=True)
class Launch:
    """The lab after `up`; `touched` when anything had to be done. No readings when a fault is injected."""

    lab: Lab
    touched: bool
    readings: tuple[Reading, ...]
    seconds: float


def bring_up(name: str, options: LabOptions, *, after_healing: AfterHealing = _do_nothing) -> Launch:
    """Start what is missing of the lab and return when it is in its steady state; a healthy lab is left alone.

    `after_healing` is called when the faults of an interrupted command had to be healed first.

    Raises HostError and EngineError before anything is started, WaitTimeoutError when no steady state comes.
    """
    options.check()
    lab = Lab(name)
    if options.fog is not None:
        lab.fog_file.check(options.fog)
    began = time.monotonic()
    with locked(name, "up"):
        docker_root = _engine_answers()
        woken = _wake(lab)
        readings = _healthy(lab, options)
        touched = readings is None or woken
        if readings is None:
            readings = _start(lab, options, docker_root, after_healing)
        elif readings:
            _calibrate(lab)  # an older labctl made the lab, or `up` was interrupted before it had measured
        if options.fog is not None:
            touched = lab.fog.choose(options.fog) or touched
    return Launch(lab, touched, tuple(readings), time.monotonic() - began)


def _wake(lab: Lab) -> bool:
    """Resume a lab that is paused; what else is the matter with it is seen afterwards."""
    try:
        return lab.store.exists and pausing.wake(lab)
    except NotFoundError:  # somebody removed its containers
        lab.store.save(replace(lab.record, status="starting"))
        return False


def _healthy(lab: Lab, options: LabOptions) -> list[Reading] | None:
    """Return the readings of a lab that needs nothing ([] while a fault is injected); None when `up` has work to do."""
    if not lab.store.exists or guard.interrupted(lab) or steps.cut_short(lab) or lab.store.get(SERVICES) is None:
        return None
    record = lab.record
    if record.status != "running" or options.over(record) != record or not _complete(lab) or build_images():
        return None
    if injection.injected(lab):
        return []
    try:
        # One bad second is no reason to touch anything.
        return steady_state.wait(lab.metrics, lab.rps, timeout=PATIENCE_S)
    except WaitTimeoutError:
        return None


def _complete(lab: Lab) -> bool:
    containers = lab.stack.ps()
    expected = set((lab.store.get(SERVICES) or {})["names"])
    return expected == {each.service for each in containers if each.running} and all(c.running for c in containers)


def _start(lab: Lab, options: LabOptions, docker_root: Path, after_healing: AfterHealing) -> list[Reading]:
    host.require(host.room(lab.folder, docker_root))
    if not lab.store.exists:
        _refuse_foreign(lab)
        lab.stack.remove_volumes()  # those of an earlier lab of this name hold its payments, and whatever killed it
    make_private_dir(lab.folder)
    lab.store.prepare()
    workshop.sweep()
    before = guard.interrupted(lab)
    for operation in before:
        progress.warn(f"{guard.describe(operation)}: `labctl up` goes on from there")
    with guard.operating(lab, "up"):
        _plan(lab, options)
        build_images()
        lab.releases.restore_images()
        _containers(lab, patient=bool(before))
        readings = _settle(lab, before, after_healing)
        # The record is read again: the calibration was added to it meanwhile.
        lab.store.save(replace(lab.record, status="running"))
    return readings


def _plan(lab: Lab, options: LabOptions) -> None:
    """Write the lab's record, its configuration files and lab.env."""
    with choosing_ports():
        known = _known_record(lab)
        if known is None:
            record = plan.new_record(lab.name, options)
        else:
            record, lost = plan.with_free_ports(options.over(known), _own_ports(lab, known))
            for each, port in lost.items():
                progress.warn(f"port {port} ({each}) is taken by another program; the lab gets another port")
        record = subnet.with_subnet(replace(record, status="starting"), lab.stack.docker)
        lab.store.save(record)
    lab.files.prepare()
    lab.flag_file.prepare()
    lab.traffic_file.prepare()
    lab.processor_file.prepare()
    lab.fog_file.prepare()
    lab.environment.write()


def _known_record(lab: Lab) -> LabRecord | None:
    try:
        return lab.record
    except LabStateError:
        return None  # the first `up` was killed before it had chosen anything


def _own_ports(lab: Lab, record: LabRecord) -> set[int]:
    running = {each.service for each in lab.stack.ps() if each.running}
    return {getattr(record.ports, name) for name in ports.NAMES if name in running}


def _containers(lab: Lab, *, patient: bool) -> None:
    with progress.step("starting the lab") as step:

        def up() -> bool:
            _up(lab, step.update)
            return True

        if patient:
            # The killed labctl may have left a compose behind that is still making the same containers.
            wait_until(up, what="starting the lab", timeout=LEFTOVER_S, interval=1, transient=(EngineError,))
        else:
            up()
        lab.store.set(SERVICES, {"names": sorted({each.service for each in lab.stack.ps()})})


def _up(lab: Lab, tell: Callable[[str], None]) -> None:
    """Start the containers; where Docker refuses the subnet (another `up` was faster), with another one."""
    refused: list[str] = []
    while True:
        try:
            return lab.stack.up(tell)
        except SubnetTakenError:
            refused += [lab.record.subnet] if lab.record.subnet else []
            if len(refused) in (0, SUBNETS_TRIED):
                raise
        with choosing_ports():
            lab.store.save(subnet.with_subnet(lab.record, lab.stack.docker, refused))
        lab.environment.write()


def _settle(lab: Lab, before: list[Operation], after_healing: AfterHealing) -> list[Reading]:
    """Heal what interrupted commands injected, then wait for the steady state; [] while a fault is injected."""
    steps.settle(lab)
    for operation in (each for each in before if each.what == guard.MITIGATE):
        guard.take_back(lab, operation)
    if any(each.what not in (*guard.RESUMABLE, guard.MITIGATE) for each in before):
        injection.heal(lab)
        after_healing(lab)
    for operation in before:
        lab.store.operations.end(operation, MENDED)
    if injection.injected(lab):
        return []
    with progress.step("waiting for the steady state") as step:
        readings = steady_state.wait(lab.metrics, lab.rps, progress=step.update)
        _calibrate(lab)
    return readings


def _calibrate(lab: Lab) -> None:
    calibration.calibrate(lab.store, lab.database.server, lab.metrics)


def _engine_answers() -> Path:
    """Return Docker's data folder. Raises EngineError when Docker is missing or stopped."""
    return Docker().data_folder()


def _refuse_foreign(lab: Lab) -> None:
    """Refuse to adopt a lab's containers without the lab's state: they may be another user's."""
    found = Docker().containers(lab.stack.project)
    if found:
        raise LabStateError(
            f"{len(found)} containers of a lab named '{lab.name}' are here, but its state is not",
            expected="no such containers: their state was removed, or lies with another user or LABCTL_STATE_DIR",
            todo=f"choose another --name, or remove them: labctl down{lab.option}",
        )
