from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import UUID

import pytest

from services.common.database import DatabaseUnavailableError, PoolTimeoutError
from services.common.problem import ProblemError
from services.common.upstream import UpstreamTimeoutError
from services.payments.checkout import Checkouts
from services.payments.model import Assessment, Authorisation
from tests.support.payments_world import CHECKOUT, FakeAcquirer, FakeRisk, World


def test_a_payment_is_captured_recorded_and_told(
    checkouts: Checkouts, world: World, acquirer: FakeAcquirer, woken: list[str]
) -> None:
    reply = checkouts.pay("k", CHECKOUT)
    (payment,) = world.payments.values()
    assert reply.status == 201
    assert reply.body == payment.document()
    assert (payment.status, payment.risk_score, payment.acquirer_reference) == ("captured", 0.1, "acq_1")
    assert acquirer.moved == {payment.id: 1000}
    assert [event["type"] for event in world.events] == ["payment.captured"]
    assert woken == ["checkout"]


def test_the_same_key_is_answered_from_memory(checkouts: Checkouts, world: World, risk: FakeRisk) -> None:
    first, second = checkouts.pay("k", CHECKOUT), checkouts.pay("k", CHECKOUT)
    assert (first.body, first.replayed, second.replayed) == (second.body, False, True)
    assert len(world.payments) == len(risk.asked) == 1


def test_the_same_key_for_another_checkout_is_refused(checkouts: Checkouts) -> None:
    checkouts.pay("k", CHECKOUT)
    with pytest.raises(ProblemError) as caught:
        checkouts.pay("k", replace(CHECKOUT, amount_minor=1001))
    assert (caught.value.status, caught.value.kind) == (422, "idempotency-key-reused")


def test_many_at_once_with_one_key_charge_once(checkouts: Checkouts, world: World, acquirer: FakeAcquirer) -> None:
    acquirer.barrier = threading.Event()

    def pay(_: int) -> str:
        try:
            return str(checkouts.pay("k", CHECKOUT).status)
        except ProblemError as problem:
            return problem.kind
        finally:
            refused.release()

    refused = threading.Semaphore(0)
    with ThreadPoolExecutor(8) as threads:
        outcomes = threads.map(pay, range(8))
        for _ in range(7):
            assert refused.acquire(timeout=5)
        acquirer.barrier.set()
    assert sorted(outcomes) == ["201", *["request-in-progress"] * 7]
    assert len(world.payments) == len(acquirer.moved) == 1


def test_declined_by_the_acquirer(checkouts: Checkouts, world: World, acquirer: FakeAcquirer) -> None:
    acquirer.answer = Authorisation(False, "insufficient_funds", "acq_2")
    reply = checkouts.pay("k", CHECKOUT)
    assert (reply.status, reply.body["status"], reply.body["decline_reason"]) == (201, "declined", "insufficient_funds")
    assert [event["type"] for event in world.events] == ["payment.declined"]


def test_declined_by_risk_never_reaches_the_acquirer(
    checkouts: Checkouts, risk: FakeRisk, acquirer: FakeAcquirer
) -> None:
    risk.answer = Assessment("decline", 0.97)
    acquirer.answer = AssertionError("nobody should ask")
    reply = checkouts.pay("k", CHECKOUT)
    assert (reply.body["status"], reply.body["decline_reason"]) == ("declined", "risk")


def test_what_risk_wants_reviewed_is_captured(checkouts: Checkouts, risk: FakeRisk) -> None:
    risk.answer = Assessment("review", 0.6)
    assert checkouts.pay("k", CHECKOUT).body["status"] == "captured"


@pytest.mark.parametrize("party", ["customer", "merchant"])
def test_strangers_are_refused_and_their_key_stays_free(checkouts: Checkouts, world: World, party: str) -> None:
    world.strangers = {party}
    with pytest.raises(ProblemError) as caught:
        checkouts.pay("k", CHECKOUT)
    assert (caught.value.status, caught.value.kind) == (422, f"unknown-{party}")
    assert world.keys == {}


def test_without_risk_nothing_is_charged_and_the_key_may_be_used_again(
    checkouts: Checkouts, world: World, risk: FakeRisk, acquirer: FakeAcquirer
) -> None:
    risk.answer = UpstreamTimeoutError("risk", "late")
    with pytest.raises(UpstreamTimeoutError):
        checkouts.pay("k", CHECKOUT)
    assert acquirer.moved == {}
    risk.answer = Assessment("approve", 0.1)
    assert checkouts.pay("k", CHECKOUT).status == 201


@pytest.mark.parametrize(("amount", "goes_on"), [(2500, True), (2501, False)])
def test_a_small_payment_goes_on_without_risk(
    checkouts: Checkouts, world: World, risk: FakeRisk, amount: int, goes_on: bool
) -> None:
    risk.answer = UpstreamTimeoutError("risk", "late")
    lenient = replace(checkouts, unassessed_minor=2500)
    checkout = replace(CHECKOUT, amount_minor=amount)
    if not goes_on:
        with pytest.raises(UpstreamTimeoutError):
            lenient.pay("k", checkout)
        return
    assert lenient.pay("k", checkout).body["status"] == "captured"
    assert [payment.risk_score for payment in world.payments.values()] == [None]


def test_none_goes_on_unassessed_while_the_flag_is_off(checkouts: Checkouts, risk: FakeRisk) -> None:
    risk.answer = UpstreamTimeoutError("risk", "late")
    strict = replace(checkouts, unassessed_minor=2500, goes_on_unassessed=lambda: False)
    with pytest.raises(UpstreamTimeoutError):
        strict.pay("k", replace(CHECKOUT, amount_minor=100))


def test_a_charge_that_could_not_be_recorded_is_not_made_twice(
    checkouts: Checkouts, world: World, acquirer: FakeAcquirer
) -> None:
    world.record_error = DatabaseUnavailableError("gone")
    with pytest.raises(DatabaseUnavailableError):
        checkouts.pay("k", CHECKOUT)
    world.record_error = None
    reply = checkouts.pay("k", CHECKOUT)
    assert acquirer.moved == {UUID(str(reply.body["payment_id"])): 1000}


def test_nothing_is_charged_before_what_records_it_is_at_hand(
    checkouts: Checkouts, world: World, acquirer: FakeAcquirer
) -> None:
    world.recording_error = PoolTimeoutError("busy")
    with pytest.raises(PoolTimeoutError):
        checkouts.pay("k", CHECKOUT)
    assert acquirer.moved == {}
    world.recording_error = None
    assert checkouts.pay("k", CHECKOUT).status == 201
