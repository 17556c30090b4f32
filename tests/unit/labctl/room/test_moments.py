from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.base.errors import InputError
from labctl.room.moments import moment


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_moment_in_an_address_is_the_moment(at: datetime) -> None:
    assert moment(at.isoformat()) == at


@pytest.mark.parametrize("text", ["", "now", "2026-01-31T14:03:05", "99"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"is no moment|has no time zone"):
        moment(text)
