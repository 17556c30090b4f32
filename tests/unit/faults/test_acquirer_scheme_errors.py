from pathlib import Path

import pytest

from faults.acquirer_scheme_errors import FAULT, SCHEME
from labctl.model.draw import End, usual
from labctl.model.mitigation import Block
from loadgen import population
from services.common.wire import SCHEMES
from tests.support.catalogue import FAULTS
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
    assert lab.store.changes.list() == []
    assert stack.rollouts == []


def test_each_scheme_that_may_be_refused_is_known_and_of_few_checkouts() -> None:
    weights = dict(zip(population.SCHEMES, population.SCHEME_WEIGHTS, strict=True))
    assert set(SCHEME.values) < set(SCHEMES)
    # Enough to page, too few for a breaker: it would open at half of all calls.
    assert all(0.05 <= weights[each] <= 0.1 for each in SCHEME.values)


def test_blocking_the_scheme_that_was_drawn_is_what_helps() -> None:
    (shipped,) = [each for each in FAULTS if each.id == FAULT.id]
    for end in End:
        drawn = FAULT.values_at(end)
        (way,) = [each for each in shipped.mitigations if each.restores and each.fits(drawn)]
        assert way.steps == (Block("scheme", drawn[SCHEME.what]),)


def test_the_other_schemes_are_fine() -> None:
    assert "payments: failed authorisations of other schemes" in {probe.name for probe in FAULT.must_not_move}
