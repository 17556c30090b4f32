import csv
import io
import json
import re

from hypothesis import given
from hypothesis import strategies as st

from labctl.gameday import report, report_html
from labctl.gameday.messages import CURVEBALL
from labctl.gameday.model import State
from labctl.gameday.report import Step
from tests.support.day_results import finish
from tests.support.day_world import Day

moments = st.lists(st.floats(0, 1000), max_size=12).map(sorted)


def test_every_team_has_its_way_on_its_clock(day: Day) -> None:
    finish(day)
    (played,) = report.make(day.store, "A day").rounds
    blue, red = played.ways
    assert (blue.team, blue.state, blue.wrong, red.wrong) == ("blue", "solved", 0, 1)
    assert (blue.clock_s, red.clock_s) == (120, 420)
    assert blue.points is not None
    assert red.points is not None
    assert blue.points > red.points
    assert [each.kind for each in red.steps if each.part in ("wrong", "right")] == ["submission", "submission"]
    assert blue.steps[-1].at_s == 120
    assert {each.kind for each in blue.steps} >= {"look-up", "hypothesis", "note", "update", "submission"}


def test_what_a_team_never_saw_of_the_path_is_told(day: Day) -> None:
    finish(day)
    (played,) = report.make(day.store, "A day").rounds
    assert played.ways[0].proofs
    assert "The path back to the cause" in report_html.as_html(report.make(day.store, "A day"))


def test_fairness_is_the_spread_of_the_pages(day: Day) -> None:
    finish(day)
    (played,) = report.make(day.store, "A day").rounds
    assert (played.paged.labs, played.paged.least_s, played.paged.most_s, played.paged.spread_s) == (2, 20, 22.5, 2.5)
    assert "it took 20.0 to 22.5 s over 2 labs" in report_html.as_html(report.make(day.store, "A day"))


def test_the_ranks_are_by_points(day: Day) -> None:
    finish(day)
    assert [team for team, _ in report.make(day.store, "A day").ranks] == ["blue", "red"]


def test_a_day_that_has_not_begun_has_a_report_as_well(day: Day) -> None:
    made = report.make(day.store, "A day")
    assert (made.rounds, made.ranks) == ((), (("blue", 0.0), ("red", 0.0)))
    assert "A day" in report_html.as_html(made)


def test_an_open_incident_tells_nothing_of_its_answer(day: Day) -> None:
    day.begin()
    made = report.make(day.store, "A day")
    assert "example-fault" not in report.as_json(made)
    assert {way.state for way in made.rounds[0].ways} == {"paged"}
    assert "paged" in report_html.as_html(made)


def test_a_void_incident_says_why_and_counts_for_nothing(day: Day) -> None:
    finish(day)
    blue = day.store.incidents.of(1)[0]
    day.store.incidents.become(blue.id, State.VOID, problem="the power failed")
    made = report.make(day.store, "A day")
    assert dict(made.ranks)["blue"] == 0
    assert "the power failed" in report_html.as_html(made)


def test_messages_have_their_answers_and_the_time_they_took(day: Day) -> None:
    number = day.store.messages.send("When is it over?", kind=CURVEBALL, author="Head of sales")
    day.store.messages.answer(number, team="blue", author="Ada", text="By noon")
    (said,) = report.make(day.store, "A day").said
    assert (said.to, said.author, said.wants_answer) == ("all teams", "Head of sales", True)
    assert [(each.team, each.text) for each in said.answers] == [("blue", "By noon")]
    assert 0 <= said.answers[0].after_s < 5


def test_json_and_csv_have_the_same(day: Day) -> None:
    finish(day)
    made = report.make(day.store, "A day")
    document = json.loads(report.as_json(made))
    assert document["schema"] == "labctl.gameday-report/1"
    rows = list(csv.DictReader(io.StringIO(report.as_csv(made))))
    assert [(each["team"], each["clock_s"]) for each in rows] == [("blue", "120.0"), ("red", "420.0")]
    steps = list(csv.DictReader(io.StringIO(report.ways_as_csv(made))))
    assert len(steps) == sum(len(way["steps"]) for way in document["rounds"][0]["ways"])


def test_what_a_team_wrote_can_run_nowhere(day: Day) -> None:
    finish(day, text="=HYPERLINK(1)<script>alert(1)</script>\u202e")
    made = report.make(day.store, "<b>day</b>")
    page = report_html.as_html(made)
    assert "<script" not in page
    assert "<b>" not in page
    assert "\u202e" not in page
    assert not re.search(r'(src|href)="http', page)
    assert "\n1,blue,10.0,note,=" not in report.ways_as_csv(made)
    assert not any(cell.startswith("=") for row in csv.reader(io.StringIO(report.ways_as_csv(made))) for cell in row)


@given(moments, st.floats(0, 1000))
def test_the_time_that_was_spent_adds_up_to_the_clock(at: list[float], more: float) -> None:
    steps = [Step(each, "look-up", f"logs {each}") for each in at]
    ended = (at[-1] if at else 0.0) + more
    assert abs(sum(report.spent(steps, ended).values()) - ended) <= 0.05 * (len(at) + 2)


@given(moments, st.floats(0, 1000))
def test_the_longest_stretches_come_first_and_lie_within_the_incident(at: list[float], more: float) -> None:
    ended = (at[-1] if at else 0.0) + more
    found = report.stretches([Step(each, "note", "x") for each in at], ended)
    assert [each.seconds for each in found] == sorted((each.seconds for each in found), reverse=True)
    assert all(0 <= each.from_s < each.to_s <= ended and each.seconds >= report.LONG_S for each in found)
