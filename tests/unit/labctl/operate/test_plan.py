from __future__ import annotations

from dataclasses import astuple, replace

import pytest

from labctl.base import paths
from labctl.base.errors import EXIT_USAGE, InputError
from labctl.base.private_files import make_private_dir
from labctl.operate import plan
from labctl.operate.plan import LabOptions
from labctl.state import ports
from labctl.state.store import LabRecord, LabStore
from tests.support.fake_lab import make_record


def save(record: LabRecord) -> None:
    folder = make_private_dir(paths.lab_dir(record.name))
    LabStore(folder).prepare()
    LabStore(folder).save(record)


EVERYWHERE = "0.0.0.0"  # noqa: S104
SHARES = (LabOptions(cpu_share=plan.MIN_SHARE), LabOptions(cpu_share=0.5), LabOptions(cpu_share=1))
ACCEPTED = (
    LabOptions(),
    LabOptions(1, 0, "127.0.0.1"),
    LabOptions(200, plan.MAX_SEED, EVERYWHERE),
    LabOptions(1.999),
    *SHARES,
)


@pytest.mark.parametrize("options", ACCEPTED)
def test_what_a_lab_accepts(options: LabOptions) -> None:
    options.check()


WRONG = (
    LabOptions(rps=0),
    LabOptions(rps=0.99),
    LabOptions(rps=200.1),
    LabOptions(rps=-5),
    LabOptions(rps=float("nan")),
    LabOptions(rps=float("inf")),
    LabOptions(seed=-1),
    LabOptions(seed=2**40),
    LabOptions(bind=""),
    LabOptions(bind="localhost"),
    LabOptions(bind="300.0.0.1"),
    LabOptions(bind="::1"),
    LabOptions(cpu_share=0),
    LabOptions(cpu_share=0.09),
    LabOptions(cpu_share=1.01),
    LabOptions(cpu_share=-0.5),
    LabOptions(cpu_share=float("nan")),
)


@pytest.mark.parametrize("options", WRONG)
def test_what_no_lab_accepts_is_a_usage_error(options: LabOptions) -> None:
    with pytest.raises(InputError) as caught:
        options.check()
    assert caught.value.exit_code == EXIT_USAGE
    assert caught.value.expected


def test_a_wish_changes_only_what_it_names() -> None:
    record = make_record()
    assert LabOptions().over(record) == record
    assert LabOptions(rps=5).over(record) == replace(record, rps=5)
    assert LabOptions(seed=0, bind=EVERYWHERE).over(record) == replace(record, seed=0, bind=EVERYWHERE)
    assert LabOptions(cpu_share=0.5).over(record) == replace(record, cpu_share=0.5)


def test_what_things_cost_is_forgotten_with_another_share_of_the_cpu_alone() -> None:
    known = replace(make_record(), cpu_share=0.5, calibration={"scan_ms": 18.0, "speed": 0.5})
    assert LabOptions(rps=5, seed=3, bind=EVERYWHERE).over(known).calibration == known.calibration
    assert LabOptions(cpu_share=0.5).over(known) == known
    for share in (0.4, 1.0):
        assert LabOptions(cpu_share=share).over(known) == replace(known, cpu_share=share, calibration=None)


def test_a_new_lab_gets_defaults_and_free_ports() -> None:
    record = plan.new_record("blue", LabOptions())
    assert (record.name, record.project, record.bind) == ("blue", "labctl-blue", "127.0.0.1")
    assert (record.rps, record.status) == (20.0, "starting")
    assert all(ports.is_free(port, "127.0.0.1") for port in astuple(record.ports))
    assert (record.cpu_share, record.calibration) == (1.0, None)
    assert plan.new_record("blue", LabOptions(seed=0)).seed == 0
    assert plan.new_record("blue", LabOptions(cpu_share=0.25)).cpu_share == 0.25


def test_labs_share_no_port_whether_they_run_or_not() -> None:
    names = ("one", "two", "three", "four")
    for name in names:
        save(plan.new_record(name, LabOptions()))
    everything = [port for name in names for port in astuple(LabStore(paths.lab_dir(name)).record.ports)]
    assert len(set(everything)) == len(everything)


def test_the_ports_of_others_are_reserved_and_ones_own_are_not() -> None:
    save(make_record("lab"))
    assert plan.reserved("other") >= set(astuple(make_record().ports))
    assert not plan.reserved("lab") & set(astuple(make_record().ports))


def test_half_made_and_damaged_labs_do_not_hinder_others() -> None:
    folder = make_private_dir(paths.lab_dir("half"))
    LabStore(folder).prepare()
    damaged = make_private_dir(paths.lab_dir("damaged"))
    (damaged / "state.db").write_text("not SQLite" * 100)
    assert plan.new_record("blue", LabOptions()).name == "blue"


def test_a_port_that_was_taken_is_replaced_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "is_free", lambda port, _address: port != 20001)
    record, lost = plan.with_free_ports(make_record(), ours=())
    assert lost == {"prometheus": 20001}
    assert record.ports.prometheus not in astuple(make_record().ports)
    assert replace(record, ports=make_record().ports) == make_record()
