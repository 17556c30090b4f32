from dataclasses import replace

import pytest

from labctl.actions import incident_clock
from labctl.base.errors import CatalogueError
from labctl.gameday import curveballs
from labctl.gameday import plan as plans
from labctl.gameday.curveballs import Curveball
from labctl.gameday.messages import CURVEBALL, MESSAGE
from labctl.play import stored
from tests.support.day_world import TEXT, Day


def told(day: Day) -> list[tuple[str | None, str, str]]:
    return [(each.team, each.kind, each.text) for each in day.store.messages.all()]


def test_the_plan_has_them_in_order_of_their_minutes(day: Day) -> None:
    assert day.plan.curveballs == (
        Curveball(20.0, "My card is declined.", "Ticket 4711", team="red", wants_answer=False),
        Curveball(300.0, "When is it over?", "Head of sales"),
    )
    assert plans.from_document(plans.to_document(day.plan)) == day.plan


def test_each_is_said_once_when_its_minute_has_come(day: Day) -> None:
    day.begin()
    assert curveballs.tell(day.store, day.plan.curveballs) == ["red"]
    assert curveballs.tell(day.store, day.plan.curveballs) == []
    assert told(day) == [("red", MESSAGE, "My card is declined.")]
    later(day, 300)
    assert sorted(curveballs.tell(day.store, day.plan.curveballs)) == ["blue", "red"]
    assert told(day)[1:] == [("blue", CURVEBALL, "When is it over?"), ("red", CURVEBALL, "When is it over?")]


def later(day: Day, seconds: float) -> None:
    """Let the page of each team be longer ago."""
    for lab in ("day-blue", "day-red"):
        incident = day.incident(lab)
        assert incident.page is not None
        stored.save(day.labs[lab], replace(incident, page=replace(incident.page, at=incident.page.at - seconds)))


def test_a_pause_keeps_them_back(day: Day) -> None:
    day.begin()
    curveballs.tell(day.store, day.plan.curveballs)
    incident_clock.pause("day-blue")
    blue = day.incident("day-blue")
    pause = replace(blue.pauses[0], began=blue.pauses[0].began - 10)
    stored.save(day.labs["day-blue"], replace(blue, pauses=(pause,)))
    incident_clock.resume("day-blue")
    later(day, 265)
    assert curveballs.tell(day.store, day.plan.curveballs) == []
    later(day, 8)
    assert curveballs.tell(day.store, day.plan.curveballs) == ["red"]


def test_those_of_another_round_wait_for_it(day: Day) -> None:
    day.begin()
    assert curveballs.tell(day.store, (Curveball(0.0, "text", "x", round=2),)) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("{text: no minute}", "at is missing"),
        ("{at: 5m, text: x, team: green}", "'green' is not known"),
        ("{at: 5m, text: x, round: 3}", "not allowed"),
        ("{at: soon, text: x}", "not a duration"),
        ("{at: 5m, text: x, loud: yes}", "no such field"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(wrong: str, said: str) -> None:
    with pytest.raises(CatalogueError, match=said) as found:
        plans.read(f"{TEXT}  - {wrong}\n", "plan.yaml")
    assert "plan.yaml, line" in found.value.what
