from __future__ import annotations

import base64

from hypothesis import given
from hypothesis import strategies as st

from labctl.state.sealing import seal, unseal


@given(st.text())
def test_what_was_sealed_comes_back(text: str) -> None:
    assert unseal(seal(text)) == text


@given(st.text(min_size=8))
def test_a_sealed_text_is_readable_neither_as_it_is_nor_decoded(text: str) -> None:
    assert text not in seal(text)
    assert text.encode() not in base64.b64decode(seal(text))


def test_the_same_text_is_sealed_differently_each_time() -> None:
    assert seal("risk-cache-ttl-cut") != seal("risk-cache-ttl-cut")


def test_the_length_does_not_tell_short_texts_apart() -> None:
    assert len({len(seal("x" * size)) for size in range(60)}) == 1
