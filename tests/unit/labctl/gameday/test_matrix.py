from labctl.actions import incident_clock
from labctl.actions.overview import Glance, Onlooker
from labctl.gameday import board
from labctl.gameday.matrix import Overseer
from labctl.gameday.model import State
from labctl.play import logbook
from labctl.play.starting import PAGE
from labctl.state.journal import LOOK_UP
from tests.support.day_results import finish
from tests.support.day_world import Day


def seer(day: Day) -> Overseer:
    return Overseer(day.store, len(day.plan.incidents))


def test_each_team_is_a_row_and_each_round_a_column(day: Day) -> None:
    before = seer(day).look()
    assert [(each.team, each.state, len(each.cells)) for each in before.rows] == [
        ("blue", "ready", 2),
        ("red", "ready", 2),
    ]
    assert [each.name for each in before.spares] == ["day-1"]
    day.begin()
    after = seer(day).look()
    assert [each.state for each in after.rows] == ["paged", "paged"]
    assert after.last_round == 1


def test_what_a_team_does_is_seen(day: Day) -> None:
    day.begin()
    lab = day.labs["day-blue"]
    lab.store.journal.append(PAGE, {"incident": "INC-0001"})
    lab.store.journal.append(LOOK_UP, {"command": "metrics", "query": "up"})
    logbook.write(lab, logbook.HYPOTHESIS, "the cache is cold")
    glance = seer(day).look().rows[0].glance
    assert glance.last_look is not None
    assert (glance.last_look.number, glance.last_look.what) == (1, "metrics up")
    assert [(each.text, each.state) for each in glance.hypotheses] == [("the cache is cold", "open")]


def test_the_version_changes_with_what_is_seen_and_not_with_the_clock(day: Day) -> None:
    day.begin()
    one = seer(day)
    before = one.look(afresh=True).version
    assert one.look(afresh=True).version == before
    incident_clock.pause("day-red")
    paused = one.look(afresh=True)
    assert paused.version != before
    assert [each.state for each in paused.rows] == ["paged", "paused"]


def test_a_lab_that_is_gone_is_a_trouble_and_no_error(day: Day) -> None:
    glance = Onlooker("nowhere").look()
    assert glance.troubles
    assert glance == Glance("nowhere", troubles=glance.troubles)


def test_void_ones_are_counted_and_the_one_that_counts_is_shown(day: Day) -> None:
    day.begin()
    blue = day.store.incidents.of(1)[0]
    day.store.incidents.become(blue.id, State.VOID, problem="why")
    assert seer(day).look().rows[0].state == "void"
    day.store.incidents.begin_round(1, {}, day.store.labs.teams())
    cell = seer(day).look().rows[0].current
    assert cell is not None
    assert (cell.incident.state, cell.voided) == (State.READY, 1)


class TestBoard:
    def test_teams_are_ranked_by_their_points(self, day: Day) -> None:
        finish(day)
        shown = board.live(seer(day).look())
        assert [(each.rank, each.team, each.state) for each in shown.standings] == [
            (1, "blue", "over"),
            (2, "red", "over"),
        ]

    def test_equal_teams_share_a_place_and_an_open_incident_only_has_a_clock(self, day: Day) -> None:
        day.begin()
        shown = board.live(seer(day).look())
        assert [(each.rank, each.state, each.rounds) for each in shown.standings] == [(1, "open", (None, None))] * 2
        assert all(each.clock_s is not None for each in shown.standings)

    def test_a_frozen_one_stands_until_it_is_revealed(self, day: Day) -> None:
        day.begin()
        board.freeze(day.store, seer(day).look())
        finish(day)
        frozen = board.shown(day.store, seer(day).look())
        assert {each.points for each in frozen.standings} == {0}
        assert frozen.frozen_at is not None
        assert all(each.clock_s is None for each in frozen.standings)
        board.freeze(day.store, seer(day).look())
        assert board.shown(day.store, seer(day).look()).frozen_at == frozen.frozen_at
        board.reveal(day.store)
        assert max(each.points for each in board.shown(day.store, seer(day).look()).standings) > 0
