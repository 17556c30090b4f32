from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from labctl.lab.lab import Lab
from labctl.state import attention
from labctl.state.store import LabStore
from tests.support.fake_lab import make_lab

LONG_AGO = time.time() - 3600


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    return make_lab("lab", tmp_path, monkeypatch)[0]


@pytest.fixture
def store(lab: Lab) -> LabStore:
    return lab.store


def test_by_default_no_lab_is_ever_paused(store: LabStore) -> None:
    assert attention.last(store) == 0
    assert attention.minutes(store) is None
    assert not attention.is_over(store)


def test_a_lab_that_nobody_used_for_so_long_is_to_be_paused(store: LabStore) -> None:
    attention.choose(store, 30)
    attention.note(store, LONG_AGO)
    assert (attention.minutes(store), attention.is_over(store)) == (30, True)
    attention.choose(store, 90)
    assert not attention.is_over(store)
    attention.choose(store, 0)
    assert attention.minutes(store) is None
    assert not attention.is_over(store)


def test_a_look_up_is_use(store: LabStore) -> None:
    attention.choose(store, 1)
    attention.note(store, LONG_AGO)
    assert attention.is_over(store)
    store.journal.looked_up("metrics")
    assert not attention.is_over(store)


def test_who_keeps_looking_is_noted_now_and_then_and_a_clock_set_back_does_no_harm(store: LabStore) -> None:
    attention.note(store, 1000.0)
    attention.note(store, 1000.0 + attention.EVERY_S / 2)
    assert attention.last(store) == 1000.0
    attention.note(store, 1000.0 + attention.EVERY_S)
    assert attention.last(store) == 1000.0 + attention.EVERY_S
    attention.note(store, 500.0)
    assert attention.last(store) == 500.0


def test_a_lab_that_does_not_run_or_in_which_a_command_is_at_work_is_left_alone(lab: Lab) -> None:
    attention.choose(lab.store, 1)
    attention.note(lab.store, LONG_AGO)
    operation = lab.store.operations.begin("verify")
    assert not attention.is_over(lab.store)
    lab.store.operations.end(operation)
    assert attention.is_over(lab.store)
    lab.store.save(replace(lab.record, status="paused"))
    assert not attention.is_over(lab.store)
