from __future__ import annotations

import pytest

from services.common import request_context


@pytest.mark.parametrize("value", ["a", "abc-123", "A.b_c-1", "x" * 64])
def test_sane_ids_are_kept(value: str) -> None:
    assert request_context.accept(value) == value


@pytest.mark.parametrize("value", [None, "", "x" * 65, "a b", "a\n", "*/--", "caf\u00e9", "%s"])
def test_others_are_replaced(value: str | None) -> None:
    made = request_context.accept(value)
    assert made != value
    assert len(made) == 32


def test_every_made_id_differs() -> None:
    assert request_context.accept(None) != request_context.accept(None)


def test_bind_and_release() -> None:
    token = request_context.bind("outer")
    inner = request_context.bind("inner")
    assert request_context.current() == "inner"
    request_context.release(inner)
    assert request_context.current() == "outer"
    request_context.release(token)
    assert request_context.current() == ""
