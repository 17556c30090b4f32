from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.acquirer.turns import Turns


@given(share=st.floats(0, 1), asked=st.integers(1, 300), before=st.integers(0, 300))
def test_whenever_one_looks_the_share_is_kept(share: float, asked: int, before: int) -> None:
    turns = Turns(share)
    for _ in range(before):
        turns.next()
    assert sum(turns.next() for _ in range(asked)) == pytest.approx(asked * share, abs=1.001)


@pytest.mark.parametrize(("share", "taken"), [(0.0, 0), (1.0, 50), (0.04, 2)])
def test_shares(share: float, taken: int) -> None:
    turns = Turns(share)
    assert sum(turns.next() for _ in range(50)) == taken
