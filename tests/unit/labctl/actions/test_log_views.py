from __future__ import annotations

from labctl.actions.log_views import _by_level
from labctl.lookups.logs import Count


def test_counts_lie_in_their_buckets_and_what_is_outside_is_left_out() -> None:
    found = [Count(100, "info", 3), Count(104.9, "info", 1), Count(110, "error", 2), Count(95, "info", 9),
             Count(115, "info", 9)]  # fmt: skip
    assert _by_level(found, 100, 5, 3) == {"info": (3, 1, 0), "error": (0, 0, 2)}
    assert _by_level([], 100, 5, 3) == {}
