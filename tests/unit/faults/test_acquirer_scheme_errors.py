from pathlib import Path

import pytest

from faults.acquirer_scheme_errors import FAULT
from labctl.model.draw import usual
from services.common.wire import SCHEMES
from tests.support.corpus import answer_tests
from tests.support.fake_lab import make_lab

RIGHT = (
    "acquirer dependency-degradation dependency-rejects",
    "payments-acquirer dependency-degradation dependency-rejects",
)
WRONG = (
    "payments code-release dependency-rejects",
    "acquirer dependency-degradation rate-limited",
    "acquirer nothing dependency-rejects",
    "payments code-release schema-mismatch",
    "gateway code-release wrong-endpoint",
)


test_right, test_wrong = answer_tests(FAULT, RIGHT, WRONG)


def test_the_processor_refuses_one_scheme_and_nobody_announces_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    before = lab.processor_file.settings()
    FAULT.break_lab(lab, usual())
    assert lab.processor_file.settings() == {**before, "REFUSED_SCHEMES": "amex"}
    assert "amex" in SCHEMES
    assert lab.store.changes.list() == []
    assert stack.rollouts == []


def test_the_other_schemes_are_fine() -> None:
    assert "payments: failed authorisations of other schemes" in {probe.name for probe in FAULT.must_not_move}
