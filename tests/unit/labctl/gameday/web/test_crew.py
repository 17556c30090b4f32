from labctl.gameday.messages import CURVEBALL
from tests.support.day_world import Day


def test_a_curveball_stays_in_sight_until_it_is_answered(day: Day) -> None:
    question = day.store.messages.send("When is it over?", team="blue", kind=CURVEBALL, author="Head of sales")
    for number in range(4):
        day.store.messages.send(f"message {number}", team="blue")
    member = day.visitor(day.store.sessions.code("blue"), "Ada")
    shown = member.get("/hub/blue/bar").text
    assert "When is it over?" in shown
    assert "message 0" not in shown
    assert "message 3" in shown
    day.store.messages.answer(question, team="blue", author="Ada", text="At noon")
    assert "When is it over?" not in member.get("/hub/blue/bar").text
