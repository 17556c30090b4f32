from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.state.sealing import seal
from services.common.sealed import unseal


@given(st.text(st.characters(codec="utf-8")))
def test_what_labctl_seals_is_read_here(text: str) -> None:
    assert unseal(seal(text)) == text


@pytest.mark.parametrize(("text", "told"), [("no base64!", "base64|padding"), ("été", "ASCII")])
def test_what_is_no_sealed_text_is_refused(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        unseal(text)
