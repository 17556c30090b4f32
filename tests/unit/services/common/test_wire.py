from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.common import wire
from services.common.problem import ProblemError

GOOD: dict[str, Any] = {
    "customer_id": 1,
    "merchant_id": 2,
    "amount_minor": 300,
    "currency": "EUR",
    "card": {"scheme": "visa", "token": "tok_1"},
}


def test_a_checkout_is_read_without_unknown_fields() -> None:
    assert wire.checkout({**GOOD, "note": "gift", "card": {**GOOD["card"], "cvc": 1}}) == GOOD


@pytest.mark.parametrize("name", sorted(GOOD))
@pytest.mark.parametrize("value", [None, True, 0, -1, 1.5, 2**63, "", "x\x00", "\ud800", [], {}])
def test_every_field_is_checked(name: str, value: Any) -> None:
    with pytest.raises(ProblemError) as caught:
        wire.checkout({**GOOD, name: value})
    assert caught.value.status == 400


@given(st.dictionaries(st.sampled_from(sorted(GOOD)), st.none() | st.integers() | st.text() | st.floats()))
def test_any_object_is_read_or_refused(changes: dict[str, Any]) -> None:
    with contextlib.suppress(ProblemError):
        assert 1 <= wire.checkout({**GOOD, **changes})["amount_minor"] <= wire.LARGEST_AMOUNT


def test_refund_amounts() -> None:
    assert wire.refund_amount({"amount_minor": 5}) == 5
    with pytest.raises(ProblemError):
        wire.refund_amount({"amount_minor": wire.LARGEST_AMOUNT + 1})


def test_idempotency_keys() -> None:
    assert wire.idempotency_key("k-1~!") == "k-1~!"
    for odd in (None, "", " ", "a b", "x" * 129, "caf\u00e9", "a\x00"):
        with pytest.raises(ProblemError, match="Idempotency-Key"):
            wire.idempotency_key(odd)
