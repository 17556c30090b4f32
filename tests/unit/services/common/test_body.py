from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.common.body import parse_object
from services.common.problem import ProblemError

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff", "not UTF-8"),
        ('{"a": 1}'.encode("utf-16"), "not UTF-8"),
        (b"[1]", "must be a JSON object"),
        (b"null", "must be a JSON object"),
        (b'{"a": 1, "a": 1}', "appears twice"),
        (b'{"b": {"a": 1, "a": 1}}', "appears twice"),
        (b'{"a": NaN}', "NaN is not"),
        (b'{"a": -Infinity}', "Infinity is not"),
        (b'{"a":' * 1_000_000, "nested too deeply"),
        (b'{"a": ' + b"1" * 10_000 + b"}", "not JSON"),
    ],
)
def test_what_is_no_object(raw: bytes, reason: str) -> None:
    with pytest.raises(ProblemError, match=reason) as caught:
        parse_object(raw)
    assert caught.value.status == 400


@given(st.binary())
def test_any_bytes_are_an_object_or_a_problem(raw: bytes) -> None:
    with contextlib.suppress(ProblemError):
        assert isinstance(parse_object(raw), dict)


@given(st.dictionaries(st.text(), JSON))
def test_any_object_is_read_or_refused(value: dict[str, Any]) -> None:
    raw = json.dumps(value).encode()
    if b"NaN" in raw or b"Infinity" in raw:
        return
    assert parse_object(raw) == value
