from datetime import timedelta
from pathlib import Path

import pytest

from faults.whale_merchant import FAULT, PAYMENTS, POLLING_MERCHANT
from labctl.lab import undo
from labctl.model.draw import usual
from labctl.model.merchant_import import OLDEST
from loadgen import population
from services.payments.figures import LATEST, SUMMARY_DAYS
from tests.support.corpus import answer_tests
from tests.support.fake_lab import make_lab

RIGHT = (
    "postgres bad-data data-skew",
    "payments bad-data data-skew",
    "payments-postgres bad-data data-skew",
)
WRONG = (
    # the decoy: random outliers
    "none nothing nothing-wrong",
    # right place, wrong change or mechanism
    "postgres nothing data-skew",
    "postgres traffic-change data-skew",
    "postgres bad-data missing-index",
    # where it shows
    "gateway nothing slow-dependency",
    "payments nothing slow-dependency",
    "clients traffic-change overload",
)


test_right, test_wrong = answer_tests(FAULT, RIGHT, WRONG)


def test_the_payments_come_and_go_and_nobody_announces_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    FAULT.break_lab(lab, usual())
    assert stack.docker.seen().imported == {"payments"}
    undo.replay(lab)
    assert stack.docker.seen().imported == set()
    assert lab.store.changes.list() == []
    assert stack.rollouts == []


def test_all_that_came_in_is_in_its_figures() -> None:
    assert timedelta(days=SUMMARY_DAYS) > OLDEST
    assert min(map(int, PAYMENTS.values)) > 500 * LATEST


def test_it_is_the_merchant_whose_shop_system_polls() -> None:
    assert population.merchant_id(population.POLLING_RANK) == POLLING_MERCHANT
