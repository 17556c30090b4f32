from __future__ import annotations

from typing import Any

import pytest

from services.common.problem import ProblemError
from services.risk import requests
from services.risk.requests import AssessmentRequest

BODY = {"customer_id": 1, "merchant_id": 2, "amount_minor": 300, "currency": "EUR"}


def test_a_good_body_is_read() -> None:
    assert requests.assessment(BODY) == AssessmentRequest(1, 2, 300, "EUR")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("customer_id", None),
        ("customer_id", "1"),
        ("customer_id", True),
        ("customer_id", 0),
        ("merchant_id", 2**31),
        ("merchant_id", 1.0),
        ("amount_minor", -5),
        ("amount_minor", 0),
        ("currency", "euro"),
        ("currency", "eur"),
        ("currency", 978),
        ("currency", "EUR\n"),
    ],
)
def test_a_bad_field_is_named(name: str, value: Any) -> None:
    with pytest.raises(ProblemError) as caught:
        requests.assessment({**BODY, name: value})
    assert caught.value.status == 400
    errors: Any = caught.value.members["errors"]
    assert [error["pointer"] for error in errors] == [f"#/{name}"]
