from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from services.common.database import PoolTimeoutError
from services.common.problem import ProblemError
from services.common.upstream import UpstreamTimeoutError
from services.payments.checkout import Checkouts
from services.payments.model import Authorisation, Payment
from services.payments.refunds import Refunds, admit
from tests.support.payments_world import CHECKOUT, FakeAcquirer, World


@pytest.fixture
def payment(checkouts: Checkouts, world: World) -> Payment:
    payment_id = checkouts.pay("paid", CHECKOUT).body["payment_id"]
    return world.payments[UUID(payment_id)]


def refunded(world: World, payment: Payment) -> int:
    found = world.find(payment.id)
    return found[1] if found else 0


def test_a_refund_is_recorded_and_told(refunds: Refunds, world: World, payment: Payment, woken: list[str]) -> None:
    reply = refunds.refund("r", payment.id, 300)
    assert (reply.status, reply.body["amount_minor"], reply.body["currency"]) == (201, 300, "EUR")
    assert refunded(world, payment) == 300
    event = world.events[-1]
    assert (event["type"], event["amount_minor"]) == ("payment.refunded", "300")
    assert event["refund_id"] == reply.body["refund_id"]
    assert woken[-1] == "refund"


def test_the_same_key_refunds_once(refunds: Refunds, world: World, payment: Payment) -> None:
    first, second = refunds.refund("r", payment.id, 300), refunds.refund("r", payment.id, 300)
    assert (first.body, second.replayed) == (second.body, True)
    assert refunded(world, payment) == 300


def test_never_more_than_was_captured(refunds: Refunds, world: World, payment: Payment) -> None:
    refunds.refund("r1", payment.id, 700)
    with pytest.raises(ProblemError) as caught:
        refunds.refund("r2", payment.id, 301)
    assert (caught.value.status, caught.value.members) == (409, {"refundable_minor": 300})
    refunds.refund("r2", payment.id, 300)
    assert refunded(world, payment) == 1000


def test_never_more_when_many_come_at_once(refunds: Refunds, world: World, payment: Payment) -> None:
    def refund(number: int) -> int:
        try:
            return refunds.refund(f"r{number}", payment.id, 300).status
        except ProblemError as problem:
            return problem.status

    with ThreadPoolExecutor(8) as threads:
        outcomes = sorted(threads.map(refund, range(8)))
    assert outcomes == [201] * 3 + [409] * 5
    assert refunded(world, payment) == 900


def test_an_unknown_outcome_keeps_the_amount_until_it_is_asked_again(
    refunds: Refunds, world: World, payment: Payment, acquirer: FakeAcquirer
) -> None:
    approved, acquirer.answer = acquirer.answer, UpstreamTimeoutError("acquirer", "late")
    with pytest.raises(UpstreamTimeoutError):
        refunds.refund("r1", payment.id, 800)
    acquirer.answer = approved
    with pytest.raises(ProblemError):
        refunds.refund("r2", payment.id, 300)
    assert refunds.refund("r1", payment.id, 800).status == 201
    assert refunded(world, payment) == 800


def test_a_refused_refund_gives_the_amount_free(
    refunds: Refunds, world: World, payment: Payment, acquirer: FakeAcquirer
) -> None:
    approved, acquirer.answer = acquirer.answer, Authorisation(False, "closed_account", "")
    with pytest.raises(ProblemError, match="closed_account"):
        refunds.refund("r1", payment.id, 1000)
    acquirer.answer = approved
    assert refunds.refund("r2", payment.id, 1000).status == 201


def test_no_money_goes_back_before_what_records_it_is_at_hand(
    refunds: Refunds, world: World, payment: Payment, acquirer: FakeAcquirer
) -> None:
    world.recording_error = PoolTimeoutError("busy")
    with pytest.raises(PoolTimeoutError):
        refunds.refund("r", payment.id, 300)
    assert -300 not in acquirer.moved.values()
    world.recording_error = None
    assert refunds.refund("r", payment.id, 300).status == 201


def test_unknown_payment(refunds: Refunds) -> None:
    with pytest.raises(ProblemError) as caught:
        refunds.refund("r", uuid4(), 1)
    assert caught.value.status == 404


def test_only_captured_payments(payment: Payment) -> None:
    with pytest.raises(ProblemError) as caught:
        admit(replace(payment, status="declined"), 0, 1)
    assert (caught.value.status, caught.value.kind) == (409, "payment-not-captured")


def test_the_same_key_for_another_payment_is_refused(refunds: Refunds, payment: Payment) -> None:
    refunds.refund("r", payment.id, 1)
    with pytest.raises(ProblemError) as caught:
        refunds.refund("r", uuid4(), 1)
    assert caught.value.status == 422
