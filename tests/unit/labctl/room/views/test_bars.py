from __future__ import annotations

from labctl.actions.answer import moment
from labctl.actions.log_views import Histogram
from labctl.room.views.bars import HEIGHT, bars


def test_what_is_worst_is_at_the_bottom_and_the_highest_bar_is_full() -> None:
    found = bars(Histogram(moment(0), 2.0, {"info": (3, 0), "error": (1, 1), "odd": (0, 1)}))
    first, second = found.columns
    assert [(each.level, each.lines, each.y, each.height) for each in first.pieces] == [
        ("error", 1, 75, 25),
        ("info", 3, 0, 75),
    ]
    assert [each.level for each in second.pieces] == ["error", "other"]
    assert sum(each.height for each in first.pieces) == HEIGHT
    assert (found.most, found.end, second.start) == (4, moment(4), moment(2))
    assert found.totals == {"error": 2, "info": 3, "odd": 1}


def test_nothing_has_no_bars() -> None:
    assert bars(Histogram(moment(0), 2.0, {})).columns == ()
