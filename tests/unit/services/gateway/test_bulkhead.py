from __future__ import annotations

import pytest

from services.common.problem import ProblemError
from services.gateway.bulkhead import Bulkhead


def test_one_too_many_is_turned_away_at_once(caplog: pytest.LogCaptureFixture) -> None:
    bulkhead = Bulkhead(2)
    with bulkhead.enter(), bulkhead.enter():
        with pytest.raises(ProblemError) as caught, bulkhead.enter():
            pytest.fail("there was no place left")
        assert caught.value.status == 503
        assert caught.value.headers == {"Retry-After": "1"}
    assert "turned away: 2 requests wait" in caplog.text
    with bulkhead.enter(), bulkhead.enter():
        pass


def test_a_place_is_given_back_after_a_failure() -> None:
    bulkhead = Bulkhead(1)
    with pytest.raises(KeyError), bulkhead.enter():
        raise KeyError
    with bulkhead.enter():
        pass
