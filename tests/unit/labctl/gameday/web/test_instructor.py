import pytest

from labctl.gameday import rounds
from labctl.gameday.matrix import Overseer
from labctl.gameday.messages import CURVEBALL
from labctl.gameday.model import State
from labctl.gameday.web import live
from labctl.model.incident import Status
from tests.support.day_results import finish
from tests.support.day_world import Day

PAGES = ("/instructor/", "/instructor/matrix", "/instructor/stream", "/instructor/report/report.html")
ORDERS = ("start", "order", "say", "board")


@pytest.mark.parametrize("page", PAGES)
def test_only_the_instructor_comes_in(day: Day, page: str) -> None:
    assert day.visitor().get(page).status_code == 401
    member = day.visitor(day.store.sessions.code("blue"), "Ada")
    assert member.get(page).status_code == 403


@pytest.mark.parametrize("order", ORDERS)
def test_nothing_is_ordered_without_the_key_of_the_page(day: Day, order: str) -> None:
    form = {"order": "pause", "round": "1", "text": "x", "board": "freeze"}
    assert day.instructor.post(f"/instructor/{order}", form, key="0" * 64).status_code == 403
    member = day.visitor(day.store.sessions.code("blue"), "Ada")
    assert member.post(f"/instructor/{order}", form, key="0" * 64).status_code == 403


def test_the_matrix_shows_who_is_where(day: Day) -> None:
    day.begin()
    day.visitor(day.store.sessions.code("blue"), "Ada <i>")
    day.visitor(day.store.sessions.code("blue"), "Ada")
    shown = day.instructor.get("/instructor/").text
    assert 'data-team="blue"' in shown
    assert "Ada" in shown
    assert shown.count('data-clock="up"') == 2
    assert "example-fault" not in shown


def test_one_team_is_paused_and_runs_on(day: Day) -> None:
    day.begin()
    instructor = day.instructor
    assert instructor.post("/instructor/order", {"order": "pause", "team": "red"}).status_code == 303
    assert day.incident("day-red").paused
    assert not day.incident("day-blue").paused
    shown = instructor.get("/instructor/matrix").text
    assert "Resume" in shown
    assert shown.count('data-clock="up"') == 1
    instructor.post("/instructor/order", {"order": "resume", "team": "red"})
    assert not day.incident("day-red").paused


def test_all_are_paused_but_those_that_are_already(day: Day) -> None:
    day.begin()
    instructor = day.instructor
    instructor.post("/instructor/order", {"order": "pause", "team": "red"})
    assert instructor.post("/instructor/order", {"order": "pause", "team": ""}).status_code == 303
    assert day.incident("day-blue").paused
    instructor.post("/instructor/order", {"order": "end", "team": ""})
    assert day.incident("day-blue").status is Status.TIMED_OUT


def test_what_failed_is_said_in_words(day: Day) -> None:
    answer = day.instructor.post("/instructor/order", {"order": "pause", "team": "red"})
    assert answer.status_code == 409
    assert "the team red has no incident" in answer.text


@pytest.mark.parametrize(
    "form",
    [
        {"order": "burn", "team": "red"},
        {"order": "extend", "team": "red", "minutes": "-5"},
        {"order": "extend", "team": "red", "minutes": "\u0665"},
        {"order": "pause", "team": "green"},
        {"order": "swap", "team": ""},
    ],
)
def test_an_order_that_makes_no_sense_is_refused(day: Day, form: dict[str, str]) -> None:
    day.begin()
    assert day.instructor.post("/instructor/order", form).status_code in (400, 404, 422)
    assert not day.incident("day-red").paused


def test_a_round_begins_for_all(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def start(_store: object, _plan: object, number: int) -> list[object]:
        asked.append(number)
        return []

    monkeypatch.setattr(rounds, "start", start)
    assert day.instructor.post("/instructor/start", {"round": "2"}).status_code == 303
    assert asked == [2]
    assert day.instructor.post("/instructor/start", {"round": "3"}).status_code == 422


def test_a_curveball_comes_to_a_team_and_its_answer_back(day: Day) -> None:
    instructor = day.instructor
    said = {"text": "When is it <over>?", "team": "blue", "from": "Head of sales", "answer": "1"}
    instructor.post("/instructor/say", said)
    (message,) = day.store.messages.to("blue")
    assert (message.kind, message.author) == (CURVEBALL, "Head of sales")
    assert day.store.messages.to("red") == []
    assert "no answer yet" in instructor.get("/instructor/matrix").text
    day.store.messages.answer(message.id, team="blue", author="Ada", text="By <noon>")
    shown = instructor.get("/instructor/matrix").text
    assert "By &lt;noon&gt;" in shown
    assert "When is it &lt;over&gt;?" in shown
    assert instructor.post("/instructor/say", {"text": " ", "team": ""}).status_code == 422


def test_what_is_done_is_in_the_audit_log(day: Day) -> None:
    day.begin()
    day.instructor.post("/instructor/order", {"order": "extend", "team": "red", "minutes": "5"})
    done = [(each.what, each.team, each.detail) for each in day.store.audit.entries()]
    assert ("extend", "red", "300 s") in done


def test_the_stream_says_when_there_is_something_new(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    versions = iter(["a", "a", "b"])
    monkeypatch.setattr(live, "pause", lambda _s: None)
    alive = iter([True, True, True, False])
    told = list(live.events(lambda: next(versions), lambda: next(alive)))
    assert told == ["retry: 1000\n\n", "event: new\ndata: a\n\n", "event: new\ndata: b\n\n"]


def test_the_report_comes_as_a_file(day: Day) -> None:
    finish(day)
    instructor = day.instructor
    for name, kind in (("report.html", "text/html"), ("report.json", "application/json"), ("ways.csv", "text/csv")):
        answer = instructor.get(f"/instructor/report/{name}")
        assert (answer.status_code, answer.mimetype) == (200, kind)
        assert answer.headers["Content-Disposition"] == f'attachment; filename="day-{name}"'
    assert instructor.get("/instructor/report/other").status_code == 404


class TestBoard:
    def link(self, day: Day) -> str:
        day.instructor.get("/instructor/")
        return f"/board/{day.store.sessions.code('@board')}"

    def test_everybody_who_has_its_link_sees_it_and_nothing_else(self, day: Day) -> None:
        finish(day)
        anybody = day.visitor()
        shown = anybody.get(self.link(day)).text
        assert "blue" in shown
        assert "instructor" not in shown
        assert "day-blue" not in shown
        assert anybody.get("/instructor/").status_code == 401
        code = self.link(day).rpartition("/")[2]
        assert anybody.get(f"/join/{code}").status_code == 404

    @pytest.mark.parametrize("team", ["", "blue"])
    def test_no_other_code_opens_it(self, day: Day, team: str) -> None:
        assert day.visitor().get(f"/board/{day.store.sessions.code(team)}").status_code == 404

    def test_it_is_frozen_and_revealed(self, day: Day) -> None:
        day.begin()
        link, instructor = self.link(day), day.instructor
        instructor.post("/instructor/board", {"board": "freeze"})
        assert "The board is frozen" in day.visitor().get(f"{link}/part").text
        instructor.post("/instructor/board", {"board": "reveal"})
        assert "frozen" not in day.visitor().get(f"{link}/part").text


def test_a_round_that_is_over_shows_its_points(day: Day) -> None:
    finish(day)
    assert {each.state for each in day.store.incidents.of(1)} == {State.ENDED}
    points = [each.points for each in Overseer(day.store, 2).look().rows]
    assert points[0] > points[1] > 0
    assert f"{points[0]:g}" in day.instructor.get("/instructor/matrix").text
