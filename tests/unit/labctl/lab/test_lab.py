from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from labctl.base.errors import InputError, LabStateError, NotFoundError
from labctl.lab import cpu_share
from labctl.lab.lab import Lab
from labctl.state.journal import LOOK_UP
from tests.support.fake_lab import FakeStack, make_lab


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Lab, FakeStack]:
    return make_lab("lab", tmp_path, monkeypatch)


def test_a_lab_that_was_never_made_is_not_found_but_its_neighbour_is_named(made: tuple[Lab, FakeStack]) -> None:
    with pytest.raises(NotFoundError) as caught:
        Lab.open("labb")
    assert caught.value.near == "lab"
    assert caught.value.todo == "start it: labctl up --name labb"
    with pytest.raises(InputError):
        Lab.open("No Lab")
    assert Lab.open("lab").record.name == "lab"


def test_the_flag_is_only_needed_for_other_names(made: tuple[Lab, FakeStack]) -> None:
    assert made[0].option == ""
    assert Lab("blue").option == " --name blue"


def test_published_ports_are_reached_over_loopback_unless_bound_elsewhere(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    assert lab.addresses.gateway == "http://127.0.0.1:20000"
    lab.store.save(replace(lab.record, bind="0.0.0.0"))  # noqa: S104
    assert lab.addresses.prometheus == "http://127.0.0.1:20001"
    lab.store.save(replace(lab.record, bind="10.0.0.5"))
    assert lab.addresses.telemetry == "http://10.0.0.5:20002"
    assert lab.addresses.postgres == "postgresql://observer@10.0.0.5:20003/payments"


def test_passwords_come_from_the_labs_own_file(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    with pytest.raises(LabStateError, match="has no OBSERVER_DB_PASSWORD"):
        lab.addresses.password("OBSERVER_DB_PASSWORD")
    lab.environment.write()
    password = lab.addresses.password("OBSERVER_DB_PASSWORD")
    lab.environment.write()
    assert len(password) == 32
    assert lab.addresses.password("OBSERVER_DB_PASSWORD") == password


def test_the_share_of_the_cpu_lies_beside_the_labs_settings(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    lab.environment.write()
    assert not (lab.folder / cpu_share.FILE_NAME).exists()
    lab.store.save(replace(lab.record, cpu_share=0.5))
    lab.environment.write()
    assert '"cpu_quota": 50000' in (lab.folder / cpu_share.FILE_NAME).read_text()
    lab.store.save(replace(lab.record, cpu_share=1.0))
    lab.environment.write()
    assert not (lab.folder / cpu_share.FILE_NAME).exists()


def test_look_ups_are_recorded(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    lab.store.journal.looked_up("metrics", promql="up")
    entries = lab.store.journal.entries(kind=LOOK_UP)
    assert [entry.payload for entry in entries] == [{"command": "metrics", "promql": "up"}]


def test_every_mechanism_is_found_by_the_name_that_its_entries_have(made: tuple[Lab, FakeStack]) -> None:
    mechanisms = made[0].mechanisms
    assert all(each.name == name for name, each in mechanisms.items())
    assert {"configuration", "release", "database", "stream", "cache", "acquirer"} < set(mechanisms)
    assert {"cpu", "memory", "network"} < set(mechanisms)
