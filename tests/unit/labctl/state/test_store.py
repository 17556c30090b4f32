from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from labctl.base.errors import LabStateError
from labctl.state.store import LabStore
from tests.support.fake_lab import make_record


@pytest.fixture
def store(tmp_path: Path) -> LabStore:
    made = LabStore(tmp_path)
    made.prepare()
    return made


def test_a_store_exists_once_it_is_prepared(tmp_path: Path) -> None:
    store = LabStore(tmp_path)
    assert not store.exists
    store.prepare()
    assert store.exists


def test_the_record_comes_back_as_it_was_saved_last(store: LabStore) -> None:
    store.save(make_record())
    store.save(replace(make_record(), rps=5.0, status="stopping"))
    assert store.record == replace(make_record(), rps=5.0, status="stopping")


def test_a_record_of_an_earlier_version_has_the_whole_cpu_and_was_not_measured(store: LabStore) -> None:
    store.save(make_record())
    document = store.get("record")
    assert document is not None
    for each in ("cpu_share", "calibration"):
        del document[each]
    store.set("record", document)
    assert store.record == make_record()
    assert (store.record.cpu_share, store.record.calibration) == (1.0, None)


def test_what_things_cost_comes_back_with_the_record(store: LabStore) -> None:
    record = replace(make_record(), cpu_share=0.5, calibration={"scan_ms": 18.0, "statement_ms": None, "speed": 0.5})
    store.save(record)
    assert store.record == record


def test_a_lab_that_was_never_set_up_says_what_to_do(store: LabStore) -> None:
    with pytest.raises(LabStateError, match="never set up") as caught:
        _ = store.record
    assert "labctl up" in caught.value.todo


def test_settings_are_json_objects(store: LabStore) -> None:
    assert store.get("rollout:risk") is None
    store.set("rollout:risk", {"since": 1.5})
    assert store.get("rollout:risk") == {"since": 1.5}
