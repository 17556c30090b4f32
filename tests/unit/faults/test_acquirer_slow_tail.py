from pathlib import Path

import pytest

from faults.acquirer_slow_tail import FAULT
from labctl.base.paths import bundle_root
from labctl.model.draw import usual
from labctl.state import settings
from tests.support.corpus import answer_tests
from tests.support.fake_lab import make_lab

RIGHT = (
    "acquirer dependency-degradation slow-dependency",
    "payments-acquirer dependency-degradation slow-dependency",
)
WRONG = (
    "payments code-release slow-dependency",
    "acquirer nothing slow-dependency",
    "payments configuration-change timeout-too-short",
    "risk dependency-degradation slow-dependency",
    "acquirer dependency-degradation dependency-rejects",
)


test_right, test_wrong = answer_tests(FAULT, RIGHT, WRONG)


def test_the_processor_changes_and_nobody_announces_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    before = lab.processor_file.settings()
    FAULT.break_lab(lab, usual())
    changed = {key for key, value in lab.processor_file.settings().items() if value != before[key]}
    assert changed == {"DETOUR_RATIO"}
    assert 0.01 < float(lab.processor_file.settings()["DETOUR_RATIO"]) < 0.05
    assert lab.store.changes.list() == []
    assert stack.rollouts == []


def test_a_detour_is_waited_for_and_not_given_up() -> None:
    folder = bundle_root() / "compose" / "config"
    acquirer, payments = (settings.parse((folder / f"{name}.env").read_text()) for name in ("acquirer", "payments"))
    detour, patience = int(acquirer["DETOUR_MEDIAN_MS"]), int(payments["ACQUIRER_TIMEOUT_MS"])
    assert 1_000 < detour < patience < int(acquirer["LATENCY_MAX_MS"])


def test_the_mean_is_not_to_tell() -> None:
    assert "acquirer: mean, as payments sees it" in {probe.name for probe in FAULT.must_not_move}
