"""What a game day keeps of the example incident, for two teams that went different ways."""

from __future__ import annotations

from typing import Any

from labctl.actions import debrief
from labctl.actions.answer import to_json
from labctl.gameday.model import State
from labctl.play.debrief import tell
from tests.support.day_world import Day
from tests.support.example_debrief import CHANGES, entries
from tests.support.example_fault import EXAMPLE, NEAR
from tests.support.example_incident import PAGED, attempt, solved


def told(text: str = "a word", *wrong_at_s: float) -> dict[str, Any]:
    """Return a debrief as it is kept; `text` is in everything that the team wrote or asked."""
    incident = solved(*(attempt(PAGED + at, NEAR) for at in wrong_at_s))
    return to_json(debrief.answer(tell(EXAMPLE, incident, entries(text), CHANGES)))


def finish(day: Day, *, text: str = "a word") -> None:
    """Let round 1 be over: blue solved it at once, red after a wrong answer and with a slower page."""
    if not day.store.incidents.of(1):
        day.begin()
    for each, wrong, slower in zip(day.store.incidents.of(1), ((), (50.0,)), (0.0, 2.5), strict=True):
        day.store.incidents.keep_result(each.id, {"debrief": told(text, *wrong), "postmortem": "# Postmortem\n"})
        day.store.incidents.become(each.id, State.ENDED)
        with day.store.database.writing() as connection:
            connection.execute("UPDATE incidents SET paged_at = asked_at + ? WHERE id = ?", (20 + slower, each.id))
