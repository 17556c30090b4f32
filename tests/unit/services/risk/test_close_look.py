from __future__ import annotations

from dataclasses import replace

import pytest

from services.common.database import PoolTimeoutError
from services.risk.close_look import PAID_BEFORE, CloseLook
from services.risk.requests import AssessmentRequest
from tests.support.fake_database import FakeDatabase

LARGE = AssessmentRequest(customer_id=7, merchant_id=5, amount_minor=7_500, currency="EUR")


@pytest.mark.parametrize("known", [True, False])
def test_a_large_payment_is_looked_up(known: bool) -> None:
    database = FakeDatabase({PAID_BEFORE.summary: [{"known": known}]})
    assert CloseLook(database, 7_500).stranger(LARGE) is not known
    assert database.lent.asked == [(PAID_BEFORE.summary, {"customer_id": 7, "merchant_id": 5})]


def test_a_small_one_asks_nobody() -> None:
    database = FakeDatabase()
    assert not CloseLook(database, 7_500).stranger(replace(LARGE, amount_minor=7_499))
    assert database.lent.asked == []


def test_a_large_one_asks_nobody_while_the_flag_is_off() -> None:
    database = FakeDatabase()
    assert not CloseLook(database, 7_500, enabled=lambda: False).stranger(LARGE)
    assert database.lent.asked == []


def test_a_database_that_does_not_answer_is_an_error() -> None:
    database = FakeDatabase({PAID_BEFORE.summary: PoolTimeoutError("busy")})
    with pytest.raises(PoolTimeoutError):
        CloseLook(database, 7_500).stranger(LARGE)
