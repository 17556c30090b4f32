import random
from dataclasses import replace
from pathlib import Path

import pytest

from faults.risk_timeout_cut import FAULT, TIMEOUT
from labctl.base.paths import bundle_root
from labctl.lab import undo
from labctl.model.draw import usual
from labctl.state import settings
from services.acquirer.app import Processor
from services.common.settings import Settings
from tests.support.corpus import answer_tests
from tests.support.fake_lab import make_lab

RIGHT = (
    "payments configuration-change timeout-too-short",
    "payments-risk configuration-change timeout-too-short",
)
WRONG = (
    # the decoy: risk is slow by itself
    "risk nothing slow-dependency",
    "risk configuration-change timeout-too-short",
    "payments-risk dependency-degradation slow-dependency",
    # right place, wrong change or mechanism
    "payments code-release timeout-too-short",
    "payments configuration-change retry-without-backoff",
    "payments configuration-change timeout-missing",
    # where it shows
    "gateway configuration-change timeout-too-short",
    "acquirer dependency-degradation slow-dependency",
    "none nothing nothing-wrong",
)


test_right, test_wrong = answer_tests(FAULT, RIGHT, WRONG)


def test_it_changes_one_setting_and_gives_it_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    before = lab.configuration.settings("payments")
    FAULT.break_lab(lab, usual())
    assert lab.configuration.settings("payments") == {**before, "RISK_TIMEOUT_MS": "32"}
    (change,) = lab.store.changes.list()
    assert (change.kind, change.component, change.new) == ("configuration", "payments", "RISK_TIMEOUT_MS=32")
    undo.replay(lab)
    assert lab.configuration.settings("payments") == before
    assert stack.rollouts == ["payments", "payments"]


def test_the_new_timeout_lies_below_what_nearly_every_answer_of_an_issuer_takes() -> None:
    text = (bundle_root() / "compose" / "config" / "acquirer.env").read_text()
    shipped = Processor.from_settings(Settings(settings.parse(text))).signals
    signals = replace(shipped, normal=random.Random(7).gauss)
    drawn = [signals.draw() for _ in range(2_000)]
    longest, rest = max(map(int, TIMEOUT.values)) / 1000, 0.01
    assert sum(each + rest > longest for each in drawn) > 0.95 * len(drawn)
    assert sum(each > 0.2 for each in drawn) < 0.01 * len(drawn)
