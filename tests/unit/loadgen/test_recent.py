from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from loadgen.recent import Payment, RecentPayments


def payment(number: int, *, captured: bool = True) -> Payment:
    return Payment(id=f"p{number}", amount_minor=100, captured=captured)


def test_nothing_can_be_drawn_from_nothing() -> None:
    recent = RecentPayments()
    assert recent.pick(random.Random(1)) is None
    assert recent.take_captured(random.Random(1)) is None


@given(size=st.integers(1, 20), count=st.integers(0, 60))
def test_only_the_newest_are_kept(size: int, count: int) -> None:
    recent = RecentPayments(size)
    for number in range(count):
        recent.add(payment(number))
    assert len(recent) == min(size, count)
    rng = random.Random(1)
    drawn = {found.id for _ in range(400) if (found := recent.pick(rng))}
    assert drawn <= {f"p{number}" for number in range(max(0, count - size), count)}


def test_a_payment_stays_after_a_look() -> None:
    recent = RecentPayments()
    recent.add(payment(1))
    assert recent.pick(random.Random(1)) == recent.pick(random.Random(1)) == payment(1)


def test_a_payment_is_taken_for_a_refund_once() -> None:
    recent = RecentPayments()
    recent.add(payment(1))
    assert recent.take_captured(random.Random(1)) == payment(1)
    assert recent.take_captured(random.Random(1)) is None


def test_a_declined_payment_is_never_refunded() -> None:
    recent = RecentPayments()
    recent.add(payment(1, captured=False))
    assert recent.take_captured(random.Random(1)) is None
    recent.add(payment(2))
    assert recent.take_captured(random.Random(1)) == payment(2)
    assert recent.pick(random.Random(1)) == payment(1, captured=False)


def test_forgetting() -> None:
    recent = RecentPayments()
    recent.add(payment(1))
    recent.forget("p1")
    recent.forget("never known")
    assert len(recent) == 0
