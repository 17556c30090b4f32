from pathlib import Path

import pytest

from faults.reconcile_row_locks import FAULT
from labctl.images import releases
from labctl.lab import undo
from labctl.model.draw import usual
from tests.support.corpus import answer_tests
from tests.support.fake_lab import make_lab

RIGHT = (
    "jobs scheduled-job row-lock-contention",
    "jobs code-release row-lock-contention",
    "postgres scheduled-job row-lock-contention",
)
WRONG = (
    # the decoy: garbage collection
    "payments nothing cpu-contention",
    "payments code-release memory-leak",
    # right place, wrong change or mechanism
    "jobs configuration-change row-lock-contention",
    "jobs scheduled-job table-lock",
    "jobs scheduled-job deadlock",
    # where it shows
    "payments code-release row-lock-contention",
    "payments configuration-change connection-pool-too-small",
    "acquirer dependency-degradation slow-dependency",
    "none nothing nothing-wrong",
)


test_right, test_wrong = answer_tests(FAULT, RIGHT, WRONG)


def test_it_releases_the_jobs_and_rolls_them_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    FAULT.break_lab(lab, usual())
    assert [each.release for each in lab.releases.running("jobs")] == ["1.4.0"]
    undo.replay(lab)
    assert lab.releases.version("jobs") == "1.3.0"
    assert stack.rollouts == ["jobs", "jobs"]
    assert [change.kind for change in lab.store.changes.list()] == ["release", "release"]


def test_the_release_locks_rows_and_pauses_in_one_transaction() -> None:
    source = releases.files("jobs", "1.4.0")["services/jobs/reconcile.py"]
    assert source.index("with session.transaction():") < source.index("time.sleep(PACE_S)")
    assert "FOR UPDATE" in source
    assert "FOR UPDATE" not in releases.files("jobs", "1.3.0")["services/jobs/reconcile.py"]
