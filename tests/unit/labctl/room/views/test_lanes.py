from __future__ import annotations

from labctl.room.views.lanes import ORDER, lane_of, lanes
from labctl.room.views.spans import WHOLE
from tests.support.example_debrief import example_debrief


def test_every_event_is_in_one_lane_in_order_of_time() -> None:
    told = example_debrief()
    found = lanes(told)
    numbers = sorted(dot.number for lane in found.lanes for dot in lane.dots)
    assert numbers == list(range(len(told.timeline)))
    for lane in found.lanes:
        places = [dot.x for dot in lane.dots]
        assert places == sorted(places)
        assert all(0 < place < WHOLE for place in places)
        assert {lane_of(dot.event) for dot in lane.dots} == {lane.name}


def test_changes_are_apart_by_what_they_had_to_do_with_it() -> None:
    names = [each.name for each in lanes(example_debrief()).lanes]
    assert names[:2] == ["the cause", "decoy"]
    assert names == [each for each in ORDER if each in names]


def test_the_incident_is_a_part_of_the_whole_with_its_page_in_it() -> None:
    found = lanes(example_debrief())
    (change, at_change), (page, at_page) = found.marks
    assert (change, page) == ("change", "page")
    assert 0 <= found.incident[0] < at_change < at_page < found.incident[1] <= WHOLE
