"""A fault that ships a release names an entry of the feed as evidence: whatever version the lab's seed gives it."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from labctl.catalogue.shipped import load_all
from labctl.model.draw import Draw
from labctl.model.fault import Fault
from labctl.model.measurement import Window
from labctl.model.signal import Entry
from labctl.verify.evidence import Evidence
from tests.support.fake_lab import make_lab

SEEDS = (1, 7, 23, 20_261_130, 2**31)


def named(fault: Fault) -> list[Entry]:
    return [each for each in fault.evidence if isinstance(each, Entry) and each.pattern.startswith("^release")]


SHIPPING = [fault for fault in load_all() if named(fault)]


def test_there_are_faults_that_ship_a_release() -> None:
    assert len(SHIPPING) >= 6


@pytest.mark.parametrize("fault", SHIPPING, ids=lambda fault: fault.id)
def test_its_entry_decides_whatever_the_seed(fault: Fault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in SEEDS:
        lab, _ = make_lab(f"lab-{seed}", tmp_path, monkeypatch)
        lab.store.save(replace(lab.record, seed=seed))
        began = time.time()
        fault.break_lab(lab, Draw(seed))
        found = Evidence(lab, replace(fault, evidence=tuple(named(fault))), Window(began - 20, began))
        found.look(Window(began, time.time()))
        assert found.deciding == tuple(named(fault)), f"seed {seed}"
