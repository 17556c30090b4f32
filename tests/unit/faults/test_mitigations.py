"""What is known to help under each fault: it can be typed, taken in a lab, and healed."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from click import Context
from typer.core import TyperGroup

from faults.mitigations import MITIGATIONS
from faults.whale_merchant import POLLING_MERCHANT
from labctl.cli.cli import program
from labctl.lab import undo
from labctl.model.draw import usual
from labctl.model.fault import Fault
from labctl.model.mitigation import Block, Mitigation, Step, Wait
from labctl.operate import hands
from tests.support.catalogue import FAULTS
from tests.support.fake_lab import make_container, make_lab

every_fault = pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
WAYS = [(fault, way) for fault in FAULTS for way in fault.mitigations]
every_way = pytest.mark.parametrize(("fault", "way"), WAYS, ids=lambda part: getattr(part, "id", str(part)))


def test_it_is_of_the_catalogues_faults() -> None:
    assert MITIGATIONS.keys() == {fault.id for fault in FAULTS}


@every_fault
def test_one_way_restores_and_one_does_not(fault: Fault) -> None:
    assert {way.restores for way in fault.mitigations} == {True, False}
    assert len({str(way) for way in fault.mitigations}) == len(fault.mitigations)
    assert all(way.why and way.steps for way in fault.mitigations)


@every_way
def test_each_step_can_be_typed(fault: Fault, way: Mitigation) -> None:
    del fault
    for step in way.steps:
        assert isinstance(step, Wait) or _understood(step)


@every_way
def test_each_way_can_be_taken_and_is_healed_with_the_fault(
    fault: Fault, way: Mitigation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    stack.containers += [make_container(each) for each in ("gateway", "risk", "redis")]
    stack.docker.state.events.append("e-0")
    settings = {service: lab.configuration.settings(service) for service in lab.files.services()}
    versions = {service: lab.releases.version(service) for service in ("risk", "payments", "gateway", "jobs")}
    fault.break_lab(lab, usual())
    for step in way.steps:
        hands.carry_out(lab, step)
    undo.replay(lab)
    assert {service: lab.configuration.settings(service) for service in lab.files.services()} == settings
    assert {service: lab.releases.version(service) for service in versions} == versions
    seen = stack.docker.seen()
    assert (seen.cpus, seen.memory, seen.rules, seen.dropped, seen.imported) == ({}, {}, {}, set(), set())
    assert (seen.events, seen.parked) == (["e-0"], {})
    assert lab.store.undo_log.entries() == []


def test_the_merchant_that_is_blocked_is_the_large_one() -> None:
    (block,) = [step for way in MITIGATIONS["whale-merchant"] for step in way.steps if isinstance(step, Block)]
    assert block == Block("merchant", str(POLLING_MERCHANT))


def _understood(step: Step) -> bool:
    verb, *arguments = shlex.split(str(step))
    mitigate = program().commands["mitigate"]
    assert isinstance(mitigate, TyperGroup)
    command = mitigate.commands[verb]
    return bool(command.make_context(verb, arguments, parent=Context(mitigate)).params)
