from pathlib import Path

import pytest

from faults.payments_pool_cut import FAULT
from labctl.lab import undo
from labctl.model.draw import usual
from tests.support.corpus import answer_tests
from tests.support.fake_lab import make_lab

RIGHT = (
    "payments configuration-change connection-pool-too-small",
    "payments-postgres configuration-change connection-pool-too-small",
)
WRONG = (
    # the decoy: the database is slow
    "postgres dependency-degradation slow-dependency",
    "postgres schema-migration missing-index",
    # its look-alike, by a release
    "payments code-release connection-leak",
    "payments code-release connection-pool-too-small",
    # right change, wrong mechanism
    "payments configuration-change timeout-too-short",
    # right mechanism, wrong place
    "risk configuration-change connection-pool-too-small",
    "gateway configuration-change overload",
    "none nothing nothing-wrong",
)


test_right, test_wrong = answer_tests(FAULT, RIGHT, WRONG)


def test_it_changes_one_setting_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    before = lab.configuration.settings("payments")
    FAULT.break_lab(lab, usual())
    assert lab.configuration.settings("payments") == {**before, "DB_POOL_MAX": "1"}
    assert stack.rollouts == ["payments"]
    undo.replay(lab)
    assert lab.configuration.settings("payments") == before
