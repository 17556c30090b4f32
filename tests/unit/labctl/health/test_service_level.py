from __future__ import annotations

import pytest

from labctl.health import paging
from labctl.health.service_level import QUIET_S, back_at
from tests.support.fake_metrics import FakeMetrics

PAGED = 1_000.0


def pages(*spans: tuple[float, float]) -> FakeMetrics:
    """Return metrics in which a page fired in these spans, ends included."""
    return FakeMetrics({paging.FIRED: lambda at: 1.0 if any(start <= at <= end for start, end in spans) else None})


def test_it_is_back_the_second_after_the_last_page() -> None:
    assert back_at(pages((1_000, 1_040)), PAGED, 1_100) == 1_041


def test_a_page_that_comes_back_counts() -> None:
    assert back_at(pages((1_000, 1_020), (1_060, 1_070)), PAGED, 1_100) == 1_071


@pytest.mark.parametrize("quiet", [0.0, QUIET_S - 1])
def test_a_short_silence_is_not_the_end(quiet: float) -> None:
    assert back_at(pages((1_000, 1_099 - quiet)), PAGED, 1_100) is None
